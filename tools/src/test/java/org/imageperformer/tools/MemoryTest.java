package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.THREADS;

import com.google.gson.JsonParser;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.Moment;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.GraphTrainable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resident memory: how much, and that it does not grow. */
@Tag("slow")
class MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long MEBI = 1024 * 1024;

  /** The Java heap may still grow within its limit, and malloc may keep some arenas. */
  private static final long ALLOWANCE = 64 * MEBI;

  @TempDir Path folder;

  @BeforeAll
  static void needsLinux() {
    assumeThat(Files.exists(STATUS)).as("this system tells resident memory").isTrue();
  }

  @Test
  void staysFlatOverThousandsOfSteps() throws IOException {
    ImageSet images = Datasets.loadOffline(Datasets.info("MNISTSample"), folder, 7).train();
    TrainingConfig config =
        TrainingConfig.builder(PerformerFamily.RELATIVE_PERFORMER, Datasets.info("MNISTSample"))
            .set(IMAGE_SIZE, 7)
            .set(DIM, 16)
            .set(DEPTH, 2)
            .set(HEADS, 2)
            .set(THREADS, 2)
            .set(SEED, 1)
            .build();
    int[] batch = new int[16];
    long[] step = {0};
    try (GraphTrainable model = new GraphTrainable(config)) {
      Runnable hundredSteps =
          () -> {
            for (int i = 0; i < 100; i++) {
              model.trainStep(images, batch, step[0]++, 1e-3, Moment.START);
            }
          };
      hundredSteps.run();

      assertDoesNotGrow(20, hundredSteps);
    }
  }

  @Test
  void staysFlatOverAHundredLoads() throws IOException {
    Path run = TinyRun.train(folder, "Performer");
    // What the first loads leave in malloc's arenas, some 60 MiB, serves all later ones.
    for (int i = 0; i < 20; i++) {
      load(run);
    }

    assertDoesNotGrow(50, () -> load(run));
  }

  private static void assertDoesNotGrow(int times, Runnable work) throws IOException {
    long before = smallestOver(times, work);
    smallestOver(times, work);
    long after = smallestOver(times, work);

    assertThat(after - before)
        .as("growth from %d to %d MiB", before / MEBI, after / MEBI)
        .isLessThan(ALLOWANCE);
  }

  /**
   * Memory goes up and down by tens of megabytes, now and then by more than a hundred: the valley
   * counts, not one reading.
   */
  private static long smallestOver(int times, Runnable work) throws IOException {
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < times; i++) {
      work.run();
      smallest = Math.min(smallest, resident());
    }
    return smallest;
  }

  private static void load(Path run) {
    try (SavedModel model = SavedModel.load(run.resolve("saved_model"), LoadOptions.cpu(1))) {
      model.predictAll(
          2, (index, into) -> into.put(new byte[model.info().imageBytes()]), done -> {});
    }
  }

  /** The figure in docs/performance.md: less than 1.5 GiB for the default model. */
  @Test
  void trainingTakesWhatTheDocumentsSay() {
    Cli result =
        Cli.run(
            "bench",
            "--model=Performer",
            "--only=training",
            "--rounds=1",
            "--seconds=1",
            "--threads=2",
            "--json");

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(
            JsonParser.parseString(result.out())
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("peakMiB")
                .getAsDouble())
        .isBetween(100.0, 1536.0);
  }

  /**
   * The same for the program as the launcher starts it, with a data set of MNIST's size and all
   * options at their defaults but for how long it takes.
   */
  @Test
  void trainingOnTheWholeMnistTakesWhatTheReadmeSays() throws Exception {
    Path data = folder.resolve("data");
    writeIdx(data.resolve("MNIST"), "train", 60_000);
    writeIdx(data.resolve("MNIST"), "t10k", 10_000);
    List<String> command =
        TinyRun.process(
            List.of(
                "train",
                "Performer",
                "MNIST",
                "--data_path=" + data,
                "--log_path=" + folder.resolve("runs"),
                "--threads=2",
                "--max_steps=30",
                "--limit_val=100",
                "--limit_test=100"));
    command.addAll(1, List.of("-Xmx2g", "-XX:+UseSerialGC", "-Dorg.bytedeco.javacpp.maxBytes=0"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    builder.redirectOutput(folder.resolve("said").toFile());
    Process process = builder.start();
    long peak = 0;
    while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakOf(process));
    }

    assertThat(process.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
    System.out.println("training on 60,000 images: peak " + peak / MEBI + " MiB resident");
    assertThat(peak).isBetween(100 * MEBI, 1536 * MEBI);
  }

  /** The most that has been resident; 0 when the process has just ended. */
  private static long peakOf(Process process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private static void writeIdx(Path directory, String part, int count) throws IOException {
    Files.createDirectories(directory);
    Random random = new Random(count);
    byte[] pixels = new byte[count * 28 * 28];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(10);
    }
    write(directory.resolve(part + "-images-idx3-ubyte"), pixels, 2051, count, 28, 28);
    write(directory.resolve(part + "-labels-idx1-ubyte"), labels, 2049, count);
  }

  private static void write(Path file, byte[] content, int... header) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      for (int number : header) {
        out.writeInt(number);
      }
      out.write(content);
    }
  }

  private static long resident() throws IOException {
    System.gc();
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}
