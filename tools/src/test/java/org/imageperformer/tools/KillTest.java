package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.SavedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** Trainings that are killed at any moment and go on: they end as if nothing had happened. */
@Tag("slow")
class KillTest {
  private static final int KILLS = 20;

  /** Which moments; the time that the machine takes is random enough for the rest. */
  private static final long SEED = 1;

  /** Said once the run directory is there. */
  private static final String STARTED = "images to train on";

  /** Columns of metrics.csv that say how long things took. */
  private static final int TIMES = 2;

  /** Writing takes a moment, which the first tries may miss. */
  private static final int TRIES = 10;

  @TempDir static Path folder;

  private static Map<String, String> expected;

  /** Of the training that nobody disturbs, from its first line on, in nanoseconds. */
  private static long duration;

  @BeforeAll
  static void trainUndisturbed() throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    Process process = start(arguments(undisturbed));
    waitForStart(process);
    long begun = System.nanoTime();
    assertThat(process.waitFor()).isZero();
    duration = System.nanoTime() - begun;
    expected = outcome(undisturbed);
  }

  @Test
  void endAsIfTheyHadNotBeen() throws Exception {
    Random random = new Random(SEED);
    List<String> different = new ArrayList<>();
    int unfinished = 0;
    for (int i = 0; i < KILLS; i++) {
      Path run = folder.resolve("killed" + i);
      Process killed = start(arguments(run));
      waitForStart(killed);
      boolean ended = killed.waitFor((long) (duration * random.nextDouble()), TimeUnit.NANOSECONDS);
      unfinished += ended ? 0 : 1;
      killed.destroyForcibly().waitFor(); // SIGKILL
      Cli resumed = Cli.run("train", "--resume", version(run).toString());
      assertThat(resumed.status()).as("kill %d: %s", i, resumed.err()).isZero();
      Map<String, String> found = outcome(run);
      expected.forEach(
          (file, content) -> {
            if (!content.equals(found.get(file))) {
              different.add(run.getFileName() + ": " + file);
            }
          });
    }

    assertThat(different).isEmpty();
    assertThat(unfinished).as("killed before their end").isGreaterThan(KILLS / 2);
  }

  /** Killed while something is written aside: what is there is whole, and a resume ends it. */
  @ParameterizedTest
  @CsvSource({
    "checkpoints, \\.last\\.new",
    "checkpoints, \\.best\\.new",
    "., \\.results\\.json\\..*\\.part",
    "., \\.saved_model\\..*\\.part"
  })
  void endAsIfTheyHadNotBeenKilledWhileWriting(String directory, String name) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      Path logPath = folder.resolve("writing").resolve(Integer.toHexString(name.hashCode()) + i);
      Path run = version(logPath);
      Process process = start(arguments(logPath));
      waitForStart(process);
      while (process.isAlive() && !holds(run.resolve(directory), name)) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor(); // SIGKILL
      if (!holds(run.resolve(directory), name)) {
        continue; // It was whole before the signal came.
      }

      if (Files.exists(run.resolve("results.json"))) {
        assertThat(run.resolve("results.json")).hasContent(expected.get("results.json"));
      }
      if (Files.exists(run.resolve("saved_model"))) {
        SavedModel.load(run, LoadOptions.cpu(1)).close();
      }
      Cli resumed = Cli.run("train", "--resume", run.toString());
      assertThat(resumed.status()).as(resumed.err()).isZero();
      assertThat(outcome(logPath)).isEqualTo(expected);
      assertThat(holds(run.resolve(directory), name)).as("remains").isFalse();
      return;
    }
    throw new TestAbortedException("no kill came while " + name + " was being written");
  }

  private static boolean holds(Path directory, String name) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().matches(name));
    }
  }

  private static List<String> arguments(Path logPath) {
    return List.of(
        TinyRun.arguments(
            logPath,
            "Performer",
            "--limit_train=203",
            "--max_epochs=3",
            "--feature_redraw_interval=7",
            "--checkpoint_every=1,9steps",
            "--threads=2",
            "--batch_size=8"));
  }

  private static Process start(List<String> arguments) throws IOException {
    return new ProcessBuilder(TinyRun.process(arguments)).redirectErrorStream(true).start();
  }

  /** Reads until the run has begun, and what else there is in the background. */
  private static void waitForStart(Process process) throws IOException {
    BufferedReader from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = from.readLine(); line != null; line = from.readLine()) {
      lines.add(line);
      if (line.contains(STARTED)) {
        Thread rest = new Thread(() -> from.lines().forEach(ignored -> {}));
        rest.setDaemon(true);
        rest.start();
        return;
      }
    }
    throw new AssertionError("the training ended before it began: " + lines);
  }

  private static Path version(Path logPath) {
    return logPath.resolve("default").resolve("version_0");
  }

  /** What must not depend on interruptions, by file. */
  private static Map<String, String> outcome(Path logPath) throws Exception {
    Path run = version(logPath);
    Map<String, String> outcome = new TreeMap<>();
    outcome.put("results.json", Files.readString(run.resolve("results.json")));
    StringBuilder metrics = new StringBuilder();
    for (String line : Files.readAllLines(run.resolve("metrics.csv"))) {
      String[] fields = line.split(",", -1);
      metrics.append(String.join(",", List.of(fields).subList(0, fields.length - TIMES)));
      metrics.append('\n');
    }
    outcome.put("metrics.csv", metrics.toString());
    for (String slot : List.of("best", "last")) {
      byte[] tensors =
          Files.readAllBytes(
              run.resolve("checkpoints").resolve(slot).resolve("tensors.data-00000-of-00001"));
      outcome.put(
          slot, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(tensors)));
    }
    try (Stream<Path> files = Files.walk(run.resolve("saved_model"))) {
      outcome.put("saved_model", files.map(run::relativize).sorted().toList().toString());
    }
    return outcome;
  }
}
