package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.SavedModel;
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

  /** What `test` and the server compute, and what other loaders do. */
  @Test
  void anExportPredictsAlikeWithItsCompiledFunctionsAndWithout() throws IOException {
    Path run = TinyRun.train(folder.resolve("r"), "GroupSelfAttention", "--image_size=8");
    assertThat(run.resolve("saved_model/assets.extra/compiled.pb")).isRegularFile();
    ByteBuffer images = ByteBuffer.allocate(3 * 8 * 8);
    new Random(1).nextBytes(images.array());
    try (SavedModel compiled = SavedModel.load(run, LoadOptions.cpu());
        SavedModel stock = SavedModel.load(run, LoadOptions.cpu().withoutCompiling())) {
      Predictions expected = stock.predict(images.duplicate(), 3);
      Predictions found = compiled.predict(images.duplicate(), 3);
      for (int i = 0; i < 3; i++) {
        float largest = 1;
        for (float logit : expected.logits(i)) {
          largest = Math.max(largest, Math.abs(logit));
        }
        assertThat(found.logits(i)).containsExactly(expected.logits(i), within(1e-5f * largest));
      }
    }
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
