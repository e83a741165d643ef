package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.THREADS;
import static org.imageperformer.training.workers.WorkerOptions.TASK;
import static org.imageperformer.training.workers.WorkerOptions.WORKERS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.Interrupts;
import org.imageperformer.tools.cli.JavaProcess;
import org.imageperformer.tools.cli.LocalWorkers;
import org.imageperformer.tools.cli.ProcessCrew;
import org.imageperformer.tools.cli.Spellings;
import org.imageperformer.training.workers.WorkerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains with several processes of this machine. */
@Command(
    name = "launch",
    customSynopsis = "${COMMAND-FULL-NAME} --processes N -- train ARGUMENTS",
    description = {
      "Trains one model with several processes of this machine that share every batch: to try what"
          + " --workers does, and for machines with several memories (NUMA).",
      "Chooses ports and a seed, divides the threads, and shows what process K says with [K] before"
          + " it. When one fails, all end, with its exit status."
    })
final class LaunchCommand extends BaseCommand implements Callable<Integer> {
  /** The program that a process runs; by name, as it uses the commands and not they it. */
  private static final String MAIN = "org.imageperformer.tools.Main";

  /** For those that are left when one has failed, in seconds. */
  private static final long PATIENCE = 10;

  @Option(
      names = "--processes",
      paramLabel = "N",
      required = true,
      showDefaultValue = Visibility.NEVER,
      description = "How many processes.")
  private int processes;

  @Parameters(
      arity = "1..*",
      paramLabel = "train ARGUMENTS",
      description = "What each of them does.")
  private List<String> words;

  @Override
  public Integer call() throws InterruptedException {
    List<String> command = checked();
    try (ProcessCrew crew = new ProcessCrew();
        // Ctrl-C reaches all processes of a terminal by itself.
        Interrupts interrupts = Interrupts.listenTo("TERM", crew::terminate)) {
      Objects.requireNonNull(interrupts);
      String workers = String.join(",", LocalWorkers.addresses(processes));
      for (int task = 0; task < processes; task++) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--" + WORKERS, workers, "--" + TASK, Integer.toString(task)));
        // Whoever launches has said who the workers are.
        crew.start(
            JavaProcess.command(MAIN, all), Map.of(WorkerOptions.TF_CONFIG, ""), out(), err());
      }
      return crew.await(PATIENCE);
    }
  }

  private List<String> checked() {
    if (processes < 1) {
      throw wrongUsage("processes is " + processes + ", must be at least 1");
    }
    if (!words.get(0).equals("train")) {
      throw wrongUsage(
          "launch starts train, and not " + words.get(0) + ": launch --processes 2 -- train ...");
    }
    List<String> command =
        new ArrayList<>(List.of(new Spellings(spec().root()).ours(words.toArray(String[]::new))));
    for (String own : List.of(WORKERS.name(), TASK.name())) {
      if (has(command, own)) {
        throw wrongUsage("launch chooses --" + own + " itself: leave it out");
      }
    }
    if (!has(command, SEED.name()) && !has(command, "resume")) {
      command.addAll(List.of("--" + SEED, SEED.standard().orElseThrow().toString()));
    }
    if (!has(command, THREADS.name())) {
      int share = Math.max(1, Runtime.getRuntime().availableProcessors() / processes);
      command.addAll(List.of("--" + THREADS, Integer.toString(share)));
    }
    return command;
  }

  private static boolean has(List<String> command, String option) {
    return command.stream()
        .anyMatch(word -> word.equals("--" + option) || word.startsWith("--" + option + "="));
  }
}
