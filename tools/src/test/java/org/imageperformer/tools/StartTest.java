package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
}
