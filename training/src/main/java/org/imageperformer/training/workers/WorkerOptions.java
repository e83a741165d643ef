package org.imageperformer.training.workers;

import static org.imageperformer.options.Affects.MACHINE;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.training.DurationText;

/**
 * The options of a training over several processes. They belong to a process and not to its run: a
 * run may go on with other workers, or with none.
 */
public final class WorkerOptions {
  /** The environment variable in which TensorFlow's own tools say who the workers are. */
  public static final String TF_CONFIG = "TF_CONFIG";

  public static final Option<List<String>> WORKERS =
      Option.parsed("workers", text -> List.of(text.split(",", -1)), null)
          .formatted(addresses -> String.join(",", addresses))
          .label("HOST:PORT,...")
          .affects(MACHINE)
          .standardText("this process alone, or those of the environment variable " + TF_CONFIG)
          .help(
              "Processes that share every batch, the same list in all of them, in a trusted network"
                  + " only (docs/distributed.md).");
  public static final Option<Integer> TASK =
      Option.integer("task", null)
          .standardText("none")
          .atLeast(0)
          .affects(MACHINE)
          .help("Which of the workers this process is, from 0 on; 0 writes the run directory.");
  public static final Option<Duration> WORKER_TIMEOUT =
      Option.parsed("worker_timeout", DurationText::parse, Duration.ofSeconds(60))
          .formatted(DurationText::format)
          .label("TIME")
          .affects(MACHINE)
          .help("How long to wait for another worker before ending with status 75.");

  /** All of them. */
  public static final OptionSet SET = OptionSet.of(WORKERS, TASK, WORKER_TIMEOUT);

  private WorkerOptions() {}

  /**
   * The workers that options or the environment name; empty for a process on its own.
   *
   * @param options with the rows of {@link #SET}
   * @param environment value of {@link #TF_CONFIG}
   * @throws IllegalArgumentException naming what is wrong, or where the two contradict each other
   */
  public static Optional<Workers> workers(Options options, Optional<String> environment) {
    Optional<List<String>> addresses = options.find(WORKERS);
    Optional<Integer> task = options.find(TASK);
    Optional<Workers> given = Optional.empty();
    if (addresses.isPresent() && task.isPresent()) {
      given = Optional.of(new Workers(addresses.get(), task.get()));
    }
    Optional<Workers> named = environment.filter(text -> !text.isBlank()).map(WorkerOptions::parse);
    if (given.isEmpty() && named.isEmpty() && addresses.isPresent() != task.isPresent()) {
      throw new IllegalArgumentException(
          addresses.isPresent()
              ? "workers needs task, which of them this process is"
              : "task needs workers, the addresses of all processes");
    }
    named.ifPresent(workers -> requireSame(workers, addresses, task));
    return given.or(() -> named).filter(workers -> workers.size() > 1);
  }

  private static void requireSame(
      Workers named, Optional<List<String>> addresses, Optional<Integer> task) {
    List<String> problems = new ArrayList<>();
    addresses
        .filter(given -> !given.equals(named.addresses()))
        .ifPresent(
            given ->
                problems.add(
                    "workers is "
                        + String.join(",", given)
                        + ", but "
                        + TF_CONFIG
                        + " has "
                        + String.join(",", named.addresses())));
    task.filter(given -> given != named.task())
        .ifPresent(
            given ->
                problems.add("task is " + given + ", but " + TF_CONFIG + " has " + named.task()));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          String.join("; ", problems) + ": correct one, or unset " + TF_CONFIG);
    }
  }

  /**
   * Reads {@code {"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index":
   * 0}}}.
   */
  private static Workers parse(String json) {
    try {
      JsonObject root = JsonParser.parseString(json).getAsJsonObject();
      JsonObject cluster = root.getAsJsonObject("cluster");
      JsonObject task = root.getAsJsonObject("task");
      List<String> addresses = new ArrayList<>();
      for (String job : cluster.keySet()) {
        refuseOther(job);
      }
      for (JsonElement address : cluster.getAsJsonArray("worker")) {
        addresses.add(address.getAsString());
      }
      refuseOther(task.get("type").getAsString());
      return new Workers(addresses, task.get("index").getAsInt());
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw new IllegalArgumentException(
          TF_CONFIG
              + " is "
              + json.strip()
              + ": expected {\"cluster\":{\"worker\":[\"host:port\",...]},\"task\":{\"type\":\"worker\",\"index\":0}}",
          e);
    }
  }

  private static void refuseOther(String job) {
    if (!job.equals("worker")) {
      throw new IllegalArgumentException(
          TF_CONFIG
              + " names a "
              + job
              + ": all processes of a training are workers here, and worker 0 is the chief. Name"
              + " them all under worker");
    }
  }
}
