package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that train at the same time. */
@Tag("slow")
class TwoTrainingsTest {
  @TempDir Path folder;

  @Test
  void startedAtOnceTheyGetVersionsOfTheirOwn() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(start(TinyRun.arguments(folder, "NoposPerformer")));
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }

    Path experiment = folder.resolve("default");
    assertThat(experiment.toFile().list()).containsExactlyInAnyOrder("version_0", "version_1");
    for (String version : List.of("version_0", "version_1")) {
      assertThat(experiment.resolve(version).resolve("saved_model/saved_model.pb")).exists();
    }
    // One seed, one result: neither has written into the other's folder.
    assertThat(experiment.resolve("version_0/results.json"))
        .hasSameTextualContentAs(experiment.resolve("version_1/results.json"));
  }

  @Test
  void theSecondOnOneRunIsRefusedUntilTheFirstHasDied() throws Exception {
    Path run = folder.resolve("default/version_0");
    Process first =
        start(
            TinyRun.arguments(
                folder, "NoposPerformer", "--max_epochs=100000", "--patience=100000"));
    try {
      waitFor("epoch 1/", first);

      Cli second = Cli.run("train", "--resume", run.toString(), "--max_epochs=1");

      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err())
          .endsWith(
              "error: " + run + " is being trained by another process (pid " + first.pid() + ")\n");
    } finally {
      first.destroyForcibly().waitFor(); // SIGKILL
    }
    assertThat(Files.exists(run.resolve("results.json"))).isFalse();
    Cli third = Cli.run("train", "--resume", run.toString(), "--max_epochs=1");
    assertThat(third.status()).as(third.err()).isZero();
  }

  private static Process start(String[] arguments) throws IOException {
    return new ProcessBuilder(TinyRun.process(List.of(arguments)))
        .redirectErrorStream(true)
        .start();
  }

  /** Reads until a line has the text, and what else there is in the background. */
  private static void waitFor(String text, Process process) throws IOException {
    BufferedReader from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    for (String line = from.readLine(); line != null; line = from.readLine()) {
      if (line.contains(text)) {
        Thread rest = new Thread(() -> from.lines().forEach(ignored -> {}));
        rest.setDaemon(true);
        rest.start();
        return;
      }
    }
    throw new AssertionError("the process ended without \"" + text + "\"");
  }
}
