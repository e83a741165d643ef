package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.tools.cli.LocalWorkers;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.CheckpointWeights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings over several processes on the loopback interface. */
@Tag("slow")
class DistributedTrainingTest {
  private static final int STEPS = 50;
  private static final int KILLS = 5;
  private static final long WELL_BELOW_THE_TIMEOUT = 40;
  private static final long SECONDS = 300;
  private static final int LOST = 75;

  @TempDir static Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  /** Processes of one training. */
  private record Workers(List<Process> processes, List<Path> logs) {
    List<Integer> await() throws InterruptedException {
      List<Integer> statuses = new ArrayList<>();
      for (Process process : processes) {
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("has ended").isTrue();
        statuses.add(process.exitValue());
      }
      return statuses;
    }

    /** The last line, which says why a process ended. */
    String last(int task) throws IOException {
      List<String> lines = Files.readAllLines(logs.get(task));
      return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    String log(int task) throws IOException {
      return Files.readString(logs.get(task));
    }
  }

  /**
   * With dropout, and a last batch that is smaller. Adam divides gradients that are rounding alone
   * by their size: where a batch is worked through in one run, whose rounding depends on how many
   * images are in it, a family that has such weights takes plain steps.
   */
  @ParameterizedTest
  @CsvSource({
    "Performer, 2, ''",
    "Performer, 3, --plain=true",
    "NoposPerformer, 2, --plain=true",
    "RelativePerformer, 3, --plain=true",
    "ClippedRelativePerformer, 2, --plain=true",
    "EquivariantPerformer, 2, --plain=true",
    "AlexNet, 2, --limit_train=103",
    "AlexNet, 2, --width=32 --limit_train=103 --max_steps=20",
    "VGG16, 2, --limit_train=103 --optimizer=sgd --learning_rate=0.01",
    "GroupSelfAttention, 2, ''"
  })
  void endsWithTheWeightsOfOneProcess(String model, int processes, String more) throws Exception {
    Path one = folder.resolve("one-" + model + processes);
    Path several = folder.resolve("several-" + model + processes);
    Workers alone = start(List.of("--threads=2"), one, model, more);
    assertThat(alone.await()).as(alone.log(0)).containsExactly(0);
    Workers workers = start(processes, several, model, more);
    assertThat(workers.await()).as(workers.log(0)).containsOnly(0);

    assertThat(largestDifference(run(one), run(several))).isLessThan(1e-5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoeverIsKilledEndsAllAndTheyGoOnExactly(int killed) throws Exception {
    String longer = "--plain=true --max_steps=300";
    Path undisturbed = folder.resolve("undisturbed" + killed);
    assertThat(start(2, undisturbed, "Performer", longer).await()).containsOnly(0);
    Random random = new Random(killed);
    for (int kill = 0; kill < KILLS; kill++) {
      Path disturbed = folder.resolve("killed" + killed + kill);
      Workers workers = start(2, disturbed, "Performer", longer);
      waitFor(workers, 0, "epoch 1/");
      Thread.sleep(random.nextInt(1500));
      Process left = workers.processes().get(1 - killed);
      assertThat(left.isAlive()).as(workers.log(1 - killed)).isTrue();
      workers.processes().get(killed).destroyForcibly();

      assertThat(left.waitFor(WELL_BELOW_THE_TIMEOUT, TimeUnit.SECONDS)).isTrue();
      if (!workers.log(0).contains("training ended")) { // else the kill came after the last step
        assertThat(left.exitValue()).as(workers.log(1 - killed)).isEqualTo(LOST);
        assertThat(workers.last(1 - killed))
            .contains("task " + killed + " (127.0.0.1:", ") is lost: ", "Start all 2 tasks again");
      }
      if (!Files.exists(run(disturbed))) {
        continue; // Nothing was saved before: nothing is left behind.
      }
      boolean elsewhere = kill == KILLS - 1;
      Workers resumed = resume(elsewhere ? 1 : 2, run(disturbed));
      assertThat(resumed.await()).as(resumed.log(0)).containsOnly(0);
      if (elsewhere) {
        assertThat(largestDifference(run(undisturbed), run(disturbed))).isLessThan(1e-5);
      } else {
        assertThat(largestDifference(run(undisturbed), run(disturbed))).isZero();
      }
    }
  }

  @Test
  void aWorkerThatIsStoppedIsNoticed() throws Exception {
    Workers workers =
        start(
            2,
            folder.resolve("stopped"),
            "Performer",
            "--plain=true --max_steps=100000 --worker_timeout=20s");
    waitFor(workers, 0, "epoch 1/");
    signal("STOP", workers.processes().get(1));

    assertThat(workers.processes().get(0).waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(workers.processes().get(0).exitValue()).isEqualTo(LOST);
    assertThat(workers.last(0)).contains("task 1 (127.0.0.1:", "is lost: it does not answer");
  }

  @Test
  void aRequestToOneEndsAllOfThem() throws Exception {
    Workers workers = start(3, folder.resolve("asked"), "Performer", "--max_steps=100000");
    waitFor(workers, 0, "epoch 1/");
    signal("TERM", workers.processes().get(2));

    assertThat(workers.await()).as(workers.log(0)).containsOnly(0);
    assertThat(workers.log(0)).contains("training ended: stopped on request", "test/acc");
  }

  @Test
  void anotherOptionOnOneIsRefused() throws Exception {
    String addresses = addresses(2);
    Path out = folder.resolve("options");
    Workers first = start(worker(addresses, 0), out, "Performer", "");
    Workers second = start(worker(addresses, 1), out, "Performer", "--learning_rate=0.5");

    assertThat(first.await()).containsOnly(1);
    assertThat(second.await()).containsOnly(1);
    assertThat(List.of(first.last(0), second.last(0)))
        .allMatch(
            line ->
                line.matches(
                    "error: task 1 \\(.*\\) differs .*: learning_rate is 0.5 instead of 0.001\\..*"));
    assertThat(run(out)).doesNotExist();
  }

  @Test
  void otherDataOnOneIsRefused() throws Exception {
    String addresses = addresses(2);
    Path out = folder.resolve("data");
    List<Process> processes = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    for (int task = 0; task < 2; task++) {
      Path pictures = pictures(folder.resolve("pictures" + task), task);
      List<String> words = arguments(out, "Performer", "--val_split=2");
      words.removeIf(word -> word.startsWith("--limit") || word.startsWith("--batch_size"));
      words.set(words.indexOf("MNISTSample"), pictures.toString());
      words.addAll(worker(addresses, task));
      logs.add(Files.createTempFile(folder, "worker", ".log"));
      processes.add(process(words, logs.get(task)));
    }
    Workers workers = new Workers(processes, logs);

    assertThat(workers.await()).as(workers.log(0)).containsOnly(1);
    for (int task = 0; task < 2; task++) {
      assertThat(workers.last(task))
          .matches("error: task 1 \\(.*\\) differs .*: data.* is .* instead of .*");
    }
    assertThat(run(out)).doesNotExist();
  }

  /** Two classes of four pictures; the number is in one of them. */
  private static Path pictures(Path folder, int number) throws IOException {
    BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 8; i++) {
      Path file = folder.resolve("train/" + i % 2 + "/" + i + ".png");
      Files.createDirectories(file.getParent());
      picture.getRaster().setSample(i, 3, 0, i == 7 ? 100 + number : 255);
      ImageIO.write(picture, "png", file.toFile());
    }
    return folder;
  }

  @Test
  void anotherVersionOnOneIsRefused() throws Exception {
    String addresses = addresses(2);
    Path out = folder.resolve("version");
    Path other = folder.resolve("other");
    Path file = other.resolve("org/imageperformer/tools/cli/version.properties");
    Files.createDirectories(file.getParent());
    try (InputStream own =
        Objects.requireNonNull(ProductVersion.class.getResourceAsStream("version.properties"))) {
      Files.writeString(
          file,
          new String(own.readAllBytes(), UTF_8).replaceAll("(?m)^product=.*$", "product=9.9.9"));
    }
    Workers first = start(worker(addresses, 0), out, "Performer", "");
    List<String> command = TinyRun.process(arguments(out, "Performer", "--threads=1"));
    command.addAll(worker(addresses, 1));
    int path = command.indexOf("-cp") + 1;
    command.set(path, other + File.pathSeparator + command.get(path));
    Path log = Files.createTempFile(folder, "worker", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);
    Workers second = new Workers(List.of(process), List.of(log));

    assertThat(first.await()).as(first.log(0)).containsOnly(1);
    assertThat(second.await()).containsOnly(1);
    assertThat(List.of(first.last(0), second.last(0)))
        .allMatch(
            line ->
                line.matches("error: task 1 \\(.*\\) differs .*: version is 9.9.9 instead of .*"));
    assertThat(run(out)).doesNotExist();
  }

  /** Nothing but its own loopback is there: no port is open to anyone else. */
  @Test
  void trainsInANetworkOfItsOwn() throws Exception {
    Path out = folder.resolve("namespace");
    List<String> words = new ArrayList<>(List.of("launch", "--processes", "2", "--"));
    words.addAll(arguments(out, "Performer", "--plain=true"));
    words.removeIf(word -> word.startsWith("--threads"));
    List<String> command =
        new ArrayList<>(
            List.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
    assumeThat(command("unshare", "-n", "ip", "link", "set", "lo", "up"))
        .as("network namespaces may be made here")
        .isZero();
    command.addAll(TinyRun.process(words));
    Path log = folder.resolve("namespace.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);

    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(run(out).resolve("results.json")).exists();
  }

  private static int command(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void whoNeverComesIsNamed() throws Exception {
    List<String> hosts = List.of("127.0.0.1:" + port(), "192.0.2.1:2222", "no-such-host.invalid:1");
    for (String host : hosts) {
      Path out = folder.resolve("alone" + hosts.indexOf(host));
      String addresses = host + ",127.0.0.1:" + port();
      Workers workers = start(worker(addresses, 1), out, "Performer", "--worker_timeout=2s");

      assertThat(workers.await()).containsOnly(LOST);
      assertThat(workers.last(0))
          .startsWith("error: task 0 (" + host + ") is lost: ")
          .contains("after 2 s. Start all 2 tasks within this time");
    }
  }

  @Test
  void launchEndsWithTheStatusOfTheFirstThatFails() throws Exception {
    List<String> words = new ArrayList<>(List.of("launch", "--processes", "2", "--"));
    words.addAll(arguments(folder.resolve("launched"), "Performer", "--max_steps=100000"));
    words.removeIf(word -> word.startsWith("--threads"));
    Path log = folder.resolve("launch.log");
    Process launch = process(words, log);
    Workers launched = new Workers(List.of(launch), List.of(log));
    waitFor(launched, 0, "[0] epoch 1/");
    ProcessHandle second =
        launch
            .children()
            .filter(child -> words(child).contains("--task 1"))
            .findFirst()
            .orElseThrow();
    assertThat(second.destroyForcibly()).isTrue();

    assertThat(launched.await()).containsExactly(128 + 9);
    assertThat(launched.log(0)).contains("[0] error: task 1 (127.0.0.1:", "is lost");
    assertThat(launch.children()).isEmpty();
  }

  /** A class path makes them longer than what ProcessHandle tells. */
  private static String words(ProcessHandle process) {
    try {
      Path words = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return Files.readString(words).replace('\0', ' ');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTrainingAloneLoadsNoServer() throws Exception {
    List<String> command =
        new ArrayList<>(
            TinyRun.process(arguments(folder.resolve("alone"), "Performer", "--max_steps=2")));
    command.add(1, "-Xlog:class+load");
    Path log = folder.resolve("classes.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();

    assertThat(process.waitFor()).isZero();
    assertThat(Files.readAllLines(log))
        .anyMatch(line -> line.contains("org.tensorflow.Session "))
        .noneMatch(line -> line.contains("org.tensorflow.Server "))
        .noneMatch(line -> line.contains("training.workers.WorkerGroup "));
  }

  private static List<String> arguments(Path logPath, String model, String more) {
    List<String> options =
        new ArrayList<>(
            List.of("--batch_size=12", "--limit_train=203", "--limit_val=31", "--max_epochs=100"));
    options.addAll(List.of("--max_steps=" + STEPS, "--checkpoint_every=7steps", "--patience=100"));
    Arrays.stream(more.split(" ")).filter(word -> !word.isEmpty()).forEach(options::add);
    List<String> words =
        new ArrayList<>(List.of(TinyRun.arguments(logPath, model, options.toArray(String[]::new))));
    if (words.remove("--plain=true")) {
      words.add("--plain");
    }
    return words;
  }

  private static List<String> worker(String addresses, int task) {
    return List.of("--workers=" + addresses, "--task=" + task);
  }

  private Workers start(int processes, Path logPath, String model, String more) throws IOException {
    String addresses = addresses(processes);
    List<Process> all = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    for (int task = 0; task < processes; task++) {
      Workers one = start(worker(addresses, task), logPath, model, more);
      all.addAll(one.processes());
      logs.addAll(one.logs());
    }
    return new Workers(all, logs);
  }

  private Workers start(List<String> also, Path logPath, String model, String more)
      throws IOException {
    List<String> words = arguments(logPath, model, more);
    words.removeIf(word -> also.stream().anyMatch(other -> name(other).equals(name(word))));
    words.addAll(also);
    Path log = Files.createTempFile(folder, "worker", ".log");
    return new Workers(List.of(process(words, log)), List.of(log));
  }

  private static String name(String option) {
    return option.replaceFirst("=.*", "");
  }

  private Workers resume(int processes, Path run) throws IOException {
    String addresses = addresses(processes);
    List<Process> all = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    for (int task = 0; task < processes; task++) {
      List<String> words = new ArrayList<>(List.of("train", "--resume", run.toString()));
      if (processes > 1) {
        words.addAll(worker(addresses, task));
      }
      logs.add(Files.createTempFile(folder, "resumed", ".log"));
      all.add(process(words, logs.get(task)));
    }
    return new Workers(all, logs);
  }

  private Process process(List<String> words, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(TinyRun.process(words))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static void waitFor(Workers workers, int task, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!workers.log(task).contains(text)) {
      assertThat(workers.processes().get(task).isAlive()).as(workers.log(task)).isTrue();
      assertThat(System.nanoTime()).as(workers.log(task)).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static String addresses(int processes) {
    return String.join(",", LocalWorkers.addresses(processes));
  }

  private static int port() {
    return Integer.parseInt(addresses(1).replaceFirst(".*:", ""));
  }

  private static Path run(Path logPath) {
    return logPath.resolve("default").resolve("version_0");
  }

  private static double largestDifference(Path run, Path other) {
    Map<String, float[]> found = weights(other);
    double largest = 0;
    for (Map.Entry<String, float[]> weight : weights(run).entrySet()) {
      float[] values = found.get(weight.getKey());
      for (int i = 0; i < values.length; i++) {
        largest = Math.max(largest, Math.abs(weight.getValue()[i] - (double) values[i]));
      }
    }
    return largest;
  }

  private static Map<String, float[]> weights(Path run) {
    HParams hparams = HParams.read(run.resolve("hparams.json"));
    return CheckpointWeights.read(
        TrainingConfig.fromHParams(hparams).spec(), run.resolve("checkpoints").resolve("last"));
  }
}
