package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, seen from outside. */
class InterruptTest {

  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
  private static final int LIMIT_SECONDS = 240;

  private static final String STARTED = "images to train on";
  private static final String INTERRUPTED = "interrupted: ";

  @TempDir Path folder;

  @Test
  void theFirstEndsTheTrainingAsALimitDoes() throws Exception {
    requireOrderlyEnd("INT");
  }

  @Test
  @Tag("slow")
  void aTermSignalEndsTheTrainingAsALimitDoes() throws Exception {
    requireOrderlyEnd("TERM");
  }

  private void requireOrderlyEnd(String signal) throws Exception {
    assumeThat(ignored(signal)).as("SIGINT is ignored here").isFalse();
    Process process = endlessTraining();
    try (BufferedReader err = err(process)) {
      waitFor("epoch 1/", err);
      send(signal, process);
      waitFor(INTERRUPTED, err);
      waitFor("training ended: stopped on request", err);
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(out).contains("test/acc", "run directory: ");
      assertThat(folder.resolve("default/version_0/results.json")).exists();
      assertThat(folder.resolve("default/version_0/saved_model/saved_model.pb")).exists();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theSecondQuitsAtOnce() throws Exception {
    assumeThat(ignored("INT")).as("SIGINT is ignored here").isFalse();
    // Evaluating all of the validation images takes longer than quitting.
    Process process = endlessTraining("--val_split=4000", "--limit_val=4000");
    try (BufferedReader err = err(process)) {
      waitFor(STARTED, err);
      send("INT", process);
      waitFor(INTERRUPTED, err);
      send("INT", process);

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
      assertThat(folder.resolve("default/version_0/results.json")).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  private Process endlessTraining(String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of("--max_epochs=100000", "--patience=100000"));
    options.addAll(List.of(more));
    List<String> command =
        TinyRun.process(
            List.of(TinyRun.arguments(folder, "NoposPerformer", options.toArray(String[]::new))));
    Process process = new ProcessBuilder(command).start();
    // Whatever goes wrong, reading from the process ends.
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    return process;
  }

  /**
   * A process whose parent ignores SIGINT, as a shell's background jobs do, ignores it too, and
   * Java then leaves it so.
   */
  private static boolean ignored(String signal) throws IOException {
    if (!signal.equals("INT") || !Files.exists(PROCESS_STATUS)) {
      return false;
    }
    String mask =
        Files.readAllLines(PROCESS_STATUS).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .substring("SigIgn:".length())
            .trim();
    int sigint = 2;
    return (Long.parseUnsignedLong(mask, 16) >> (sigint - 1) & 1) == 1;
  }

  private static BufferedReader err(Process process) {
    return new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
  }

  private static void waitFor(String text, BufferedReader err) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      if (line.contains(text)) {
        return;
      }
      lines.add(line);
    }
    throw new AssertionError("the process ended without \"" + text + "\": " + lines);
  }

  private static void send(String signal, Process process) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor())
        .isZero();
  }
}
