package org.imageperformer.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** The command line in a process of its own, with the class path that the launcher gives it. */
final class Program {
  static final Path SPARK_HOME = Path.of("target", "spark").toAbsolutePath();
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private final Path folder;
  private final Path output;
  private final Path errors;

  /**
   * @param folder where it runs, and where what it says is kept
   */
  Program(Path folder) throws IOException {
    this.folder = folder;
    output = Files.createTempFile(folder, "stdout", ".txt");
    errors = Files.createTempFile(folder, "stderr", ".txt");
  }

  /** What became of a process. */
  record Result(int status, String out, String err) {}

  Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ", -1)));
    command.removeIf(option -> option.startsWith("--add-modules"));
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    command.addAll(List.of("-cp", classPath(), "org.imageperformer.tools.Main"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("SPARK_HOME", SPARK_HOME.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_WORKER_DIR", folder.resolve("work").toString());
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
    return builder.start();
  }

  Result finish(Process process) throws IOException, InterruptedException {
    try {
      assertThat(process.waitFor(8, TimeUnit.MINUTES)).as("ends").isTrue();
      return new Result(
          process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  static Result run(Path folder, String... words) throws IOException, InterruptedException {
    Program program = new Program(folder);
    return program.finish(program.start(words));
  }

  private static String classPath() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    try (Stream<Path> jars = Files.list(target)) {
      Path own =
          jars.filter(jar -> jar.getFileName().toString().matches("cluster-[0-9.]+[.]jar"))
              .findFirst()
              .orElseThrow();
      return own + ":" + target.resolve("product") + "/*:" + SPARK_HOME.resolve("jars") + "/*";
    }
  }
}
