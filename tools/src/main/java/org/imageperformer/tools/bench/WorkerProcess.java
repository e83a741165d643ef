package org.imageperformer.tools.bench;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.imageperformer.tools.cli.JavaProcess;

/** A {@link Worker} in a process of its own, started with this process's Java and options. */
final class WorkerProcess implements AutoCloseable {
  private static final int LAST_LINES = 3;

  private final Gson gson = new Gson();
  private final String name;
  private final Path errors;
  private final Process process;
  private final BufferedReader from;
  private final BufferedWriter to;

  /**
   * Starts a worker.
   *
   * @param name for messages
   * @param mainClass with the words that make a worker of it
   * @param environment besides that of this process
   */
  WorkerProcess(
      String name, String mainClass, List<String> words, Map<String, String> environment) {
    this.name = name;
    List<String> command = JavaProcess.command(mainClass, words);
    try {
      errors = Files.createTempFile("performer-bench", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a worker: " + e.getMessage(), e);
    }
    from = process.inputReader(StandardCharsets.UTF_8);
    to = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Tells it what to do. */
  void write(String line) {
    try {
      to.write(line);
      to.newLine();
      to.flush();
    } catch (IOException e) {
      throw failure();
    }
  }

  /** Waits for what it says. */
  <T> T read(Class<T> type) {
    try {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        if (line.startsWith("{")) {
          return gson.fromJson(line, type);
        }
      }
    } catch (IOException | JsonParseException e) {
      throw failure();
    }
    throw failure();
  }

  private IllegalStateException failure() {
    List<String> lines;
    try {
      lines = Files.readAllLines(errors);
    } catch (IOException e) {
      lines = List.of();
    }
    String last =
        String.join(" ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    return new IllegalStateException(
        "the worker of " + name + " ended" + (last.isEmpty() ? "" : ": " + last));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + errors + ": " + e.getMessage(), e);
    }
  }
}
