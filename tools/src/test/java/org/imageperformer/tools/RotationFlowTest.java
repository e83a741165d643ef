package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turned digits on the command line, for networks that know rotations and such that do not. */
class RotationFlowTest {
  @TempDir Path folder;

  /** The loss at 0, 90, 180 and 270 degrees. */
  private double[] losses(String... options) throws IOException {
    Path run = TinyRun.train(folder.resolve(options[0]), "GroupSelfAttention", options);
    Path table = folder.resolve(options[0] + ".csv");
    Cli result =
        Cli.run(
            "test-rotated",
            run.toString(),
            "--angles=0:270:90",
            "--limit_test=40",
            "--output",
            table.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(5).first().asString().startsWith("run_dir ");
    List<String> lines = Files.readAllLines(table);
    assertThat(lines)
        .hasSize(5)
        .startsWith(",run_dir,angle,accuracy_mean,accuracy_std,loss_mean,loss_std");
    return lines.stream()
        .skip(1)
        .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[5]))
        .toArray();
  }

  private static double spread(double[] losses) {
    double spread = 0;
    for (double loss : losses) {
      spread = Math.max(spread, Math.abs(loss - losses[0]));
    }
    return spread;
  }

  /** 8 pixels, 6 after the crop: no pooling drops a row. */
  @Test
  void relativeNetworksOfQuarterTurnsKeepTheirLoss() throws IOException {
    assertThat(spread(losses("--group=p4", "--image_size=8"))).isCloseTo(0, within(1e-5));
  }

  @Test
  void actedNetworksDoNot() throws IOException {
    assertThat(spread(losses("--group_encoding=acted", "--group=p4", "--image_size=8")))
        .isGreaterThan(1e-4);
  }

  @Test
  void networksOfTranslationsDoNot() throws IOException {
    assertThat(spread(losses("--group=z2", "--image_size=8"))).isGreaterThan(1e-4);
  }

  @Test
  void theTableIsDrawn() throws IOException {
    Path table = folder.resolve("r.csv");
    Path picture = folder.resolve("r.svg");
    Files.writeString(
        table, "run_dir,angle,accuracy_mean,loss_mean\na,0,0.5,2\na,22.5,0.25,3\na,45,0.5,2.5\n");

    assertThat(Cli.run("plot-rotation", table.toString(), "--output", picture.toString()))
        .isEqualTo(new Cli(0, "", ""));
    assertThat(picture).content().contains("<svg", "rgb(0,114,178)"); // the first line's blue
    Files.writeString(table, "run_dir,angle,accuracy_mean,loss_mean\na,1,0.5,2\na,1,0.5,2\n");
    assertThat(Cli.run("plot-rotation", table.toString(), "--output", picture.toString()).err())
        .isEqualTo(
            "error: " + table + ": the run a has two rows for the angle 1.0; one was expected\n");
  }
}
