package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What starts with the process, seen from outside. */
class StartTest {
  @Test
  void helpLoadsNeitherTensorFlowNorLogging() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--help")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(output.lines())
        .anyMatch(line -> line.contains(Main.class.getName()))
        .noneMatch(line -> line.contains("org.tensorflow."))
        .noneMatch(line -> line.contains("org.bytedeco."))
        .noneMatch(line -> line.contains("ch.qos.logback."))
        .noneMatch(line -> line.contains("java.awt."));
  }

  /** The launcher adds the server's libraries for its own command alone. */
  @ParameterizedTest
  @ValueSource(strings = {"--help", "completion"})
  void theServersLibrariesNeedNotBeThere(String word) throws IOException, InterruptedException {
    String libraries = "(serve|jetty|jackson|micrometer|prometheus)-[^/]*[.]jar";
    String path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                entry ->
                    !Path.of(entry)
                        .toString()
                        .matches(".*/(serve/target/classes|" + libraries + ")"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                Main.class.getName(),
                word)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("serve");
  }
}
