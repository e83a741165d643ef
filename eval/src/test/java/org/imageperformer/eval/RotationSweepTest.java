package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationSweepTest {
  @TempDir Path folder;
  private final TinyRuns.Source source = new TinyRuns.Source();

  private RotationSweep sweep(Set<Integer> labels, Optional<Integer> limit, Double... angles) {
    return new RotationSweep(TinyRuns.options(source), labels, List.of(angles), limit, false);
  }

  @Test
  void turnsTheImagesOfTheLabels() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    Path output = folder.resolve("rotation.csv");
    List<SweepRow> rows =
        sweep(Set.of(3), Optional.of(30), 0.0, 180.0, 22.5)
            .sweep(List.of(run, run), Optional.of(output))
            .rows();

    ImageSet test = TinyRuns.dataset(Datasets.info("MNIST")).test();
    double[] loss = new double[2];
    int count = 0;
    for (int i = 0; i < 30; i++) {
      if (test.label(i) == 3) {
        byte[] image = new byte[test.imageBytes()];
        test.copyImage(i, image, 0);
        byte[] upsideDown = new byte[image.length];
        for (int j = 0; j < image.length; j++) {
          upsideDown[j] = image[image.length - 1 - j];
        }
        loss[0] += loss(image);
        loss[1] += loss(upsideDown);
        count++;
      }
    }
    assertThat(rows).extracting(SweepRow::change).containsExactly(0.0, 180.0, 22.5);
    assertThat(rows.get(0).lossMean()).isCloseTo(loss[0] / count, within(1e-5));
    assertThat(rows.get(1).lossMean()).isCloseTo(loss[1] / count, within(1e-5));
    assertThat(rows.get(2).lossMean()).isNotCloseTo(loss[0] / count, within(1e-3));
    List<String> lines = Files.readAllLines(output);
    assertThat(lines)
        .hasSize(4)
        .startsWith(",run_dir,angle,accuracy_mean,accuracy_std,loss_mean,loss_std");
    assertThat(lines.get(3)).startsWith("2," + run + ",22.5,");
  }

  private static double loss(byte[] image) {
    double[] logits = TinyRuns.logits(image, 1, 0);
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum) - logits[3];
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    assertThatThrownBy(
            () -> sweep(Set.of(12), Optional.empty(), 0.0).sweep(List.of(run), Optional.empty()))
        .isInstanceOf(EvalException.class)
        .hasMessage(run + ": there is no label 12: MNIST has the labels 0 to 9");
    assertThat(
            sweep(Set.of(1, 2), Optional.of(1), 0.0)
                .sweep(List.of(run), Optional.empty())
                .failed()
                .get(run))
        .hasMessage(
            "none of the 1 test images of MNIST has a label of [1, 2]: choose other --labels or a"
                + " larger --limit_test");
    assertThatThrownBy(() -> sweep(Set.of(), Optional.of(0), 0.0))
        .hasMessage("--limit_test should be 1 or more, found 0");
  }

  @Test
  void anglesAreARangeOrAList() {
    assertThat(Angles.parse("0:345:15")).hasSize(24).startsWith(0.0, 15.0).endsWith(345.0);
    assertThat(Angles.parse("-1:0:0.1")).hasSize(11).contains(-0.3, 0.0);
    assertThat(Angles.parse("0,90, 22.5,90")).containsExactly(0.0, 90.0, 22.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "0:90",
        "0:90:0",
        "90:0:1",
        "0:90:15:1",
        "0,,1",
        "1e9",
        "361",
        "0:360:0.01",
        "NaN"
      })
  void otherAnglesAreRefused(String text) {
    assertThatThrownBy(() -> Angles.parse(text))
        .isInstanceOf(EvalException.class)
        .hasMessageStartingWith("--angles ");
  }
}
