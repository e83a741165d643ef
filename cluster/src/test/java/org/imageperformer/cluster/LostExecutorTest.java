package org.imageperformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of two executors is killed in the middle of the work. */
@Tag("slow")
class LostExecutorTest {
  private static final String LOCAL = "local-cluster[2,1,1024]";
  private static final String STANDALONE = "standalone";
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  @TempDir private Path folder;

  private final List<Process> cluster = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : cluster) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LOCAL, STANDALONE})
  void everyPictureIsPredictedOnce(String kind) throws Exception {
    List<String> names = Pictures.draw(folder.resolve("pictures"), 2000);
    String[] alone = {
      "predict-many",
      Pictures.MODEL,
      "--input",
      "pictures",
      "--output",
      "alone.parquet",
      "--probabilities",
      "--spark",
      "local[2]"
    };
    assertThat(Program.run(folder, alone).status()).isZero();
    String master = master(kind);
    Program program = new Program(folder);
    Process process =
        program.start(
            "predict-many",
            Pictures.MODEL,
            "--input",
            "pictures",
            "--output",
            "out.parquet",
            "--probabilities",
            "--spark",
            master);

    // The first part is done, and the others are under way.
    await(program, process, () -> committed(folder.resolve("out.parquet")) > 0);
    killExecutor(process);
    Program.Result result = program.finish(process);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("2000 pictures in ");
    Map<String, Row> rows = Table.byId(folder.resolve("out.parquet"));
    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(names);
    assertThat(rows).isEqualTo(Table.byId(folder.resolve("alone.parquet")));
  }

  @ParameterizedTest
  @ValueSource(strings = {LOCAL, STANDALONE})
  void everyRunIsTrainedOnce(String kind) throws Exception {
    Files.writeString(
        folder.resolve("sweep.json"),
        """
        {"model": "Performer", "dataset": "MNISTSample", "depth": 1, "heads": 2, "dim": 8,
         "image_size": 8, "batch_size": 8, "limit_val": 16, "limit_test": 16, "max_steps": 400,
         "checkpoint_every": "20steps", "grid": {"seed": [1, 2, 3]}}
        """);
    String master = master(kind);
    Program program = new Program(folder);
    Process process =
        program.start("sweep", "sweep.json", "--output", "out", "--no_report", "--spark", master);

    await(program, process, () -> Files.exists(folder.resolve("out/seed=1/hparams.json")));
    killExecutor(process);
    Program.Result result = program.finish(process);

    assertThat(result.status()).as(result.err()).isZero();
    for (String run : List.of("seed=1", "seed=2", "seed=3")) {
      assertThat(folder.resolve("out").resolve(run).resolve("results.json")).exists();
      assertThat(result.err()).containsOnlyOnce("finished: " + run + "\n");
      List<String> steps =
          Files.readAllLines(folder.resolve("out").resolve(run).resolve("metrics.csv"));
      assertThat(steps).doesNotHaveDuplicates();
      assertThat(folder.resolve("out/logs").resolve(run + ".log"))
          .content()
          .containsOnlyOnce("test/acc ");
    }
  }

  private static void await(Program program, Process process, BooleanSupplier condition)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new AssertionError(program.finish(process).err());
      }
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(10);
    }
  }

  /** Parts of an output that wait for the others. */
  private static long committed(Path output) {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(file -> file.getParent().getFileName().toString().startsWith("task_"))
          .count();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // not there yet, or on its way to another place
    }
  }

  private void killExecutor(Process driver) {
    List<ProcessHandle> executors =
        Stream.concat(Stream.of(driver), cluster.stream())
            .flatMap(Process::descendants)
            .filter(process -> process.info().commandLine().orElse("").contains(EXECUTOR))
            .toList();
    assertThat(executors).hasSizeGreaterThanOrEqualTo(2);
    assertThat(executors.get(0).destroyForcibly()).isTrue();
  }

  private String master(String kind) throws Exception {
    if (kind.equals(LOCAL)) {
      return LOCAL;
    }
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "spark://127.0.0.1:" + port;
    String master = "org.apache.spark.deploy.master.Master";
    start(master, "--host", "127.0.0.1", "--port", Integer.toString(port), "--webui-port", "0");
    for (String worker : List.of("first", "second")) {
      start(
          "org.apache.spark.deploy.worker.Worker",
          "--host",
          "127.0.0.1",
          "--cores",
          "1",
          "--memory",
          "1g",
          "--webui-port",
          "0",
          "--work-dir",
          folder.resolve(worker).toString(),
          url);
    }
    return url;
  }

  /** As docs/cluster.md starts them. */
  private void start(String program, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Program.JAVA,
                "-Xmx512m",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-cp",
                Program.SPARK_HOME + "/jars/*",
                program));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(folder, "cluster", ".txt").toFile());
    builder.environment().put("SPARK_HOME", Program.SPARK_HOME.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    cluster.add(builder.start());
  }
}
