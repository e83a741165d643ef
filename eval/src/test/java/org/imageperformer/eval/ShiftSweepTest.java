package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.ShiftDirection;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShiftSweepTest {

  @TempDir Path folder;
  private final TinyRuns.Source source = new TinyRuns.Source();

  private ShiftSweep sweep(Set<Integer> labels, int minShift) {
    return new ShiftSweep(TinyRuns.options(source), labels, minShift);
  }

  @Test
  void shiftZeroIsTheEvaluationOfTheSameImages() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    Set<Integer> labels = Set.of(1, 2, 4, 7);
    List<SweepRow> rows = sweep(labels, 2).sweep(List.of(run), Optional.empty()).rows();
    assertThat(rows).extracting(SweepRow::change).containsExactly(-2.0, -1.0, 0.0, 1.0, 2.0);
    ImageSet test = TinyRuns.dataset(Datasets.info("MNIST")).test();
    // Margins of TinyRuns: 2 + i % 4 columns left, 3 + i % 3 right; one of each is kept.
    int[] same =
        IntStream.range(0, test.size())
            .filter(i -> labels.contains(test.label(i)) && i % 4 >= 1)
            .toArray();
    assertThat(same).hasSizeGreaterThan(5).hasSizeLessThan(20);
    try (SavedModel model = SavedModel.load(run, LoadOptions.cpu())) {
      Evaluation expected = new Evaluator(model).evaluate(test.subset(same), done -> {});
      SweepRow unmoved = rows.get(2);
      assertThat(unmoved.runDir()).isEqualTo(run.toString());
      assertThat(unmoved.accuracyMean()).isEqualTo(expected.accuracy());
      assertThat(unmoved.accuracyStd()).isEqualTo(expected.accuracyStd());
      assertThat(unmoved.lossMean()).isEqualTo(expected.loss());
      assertThat(unmoved.lossStd()).isEqualTo(expected.lossStd());
      assertThat(rows.get(3).lossMean()).isNotEqualTo(expected.loss());
      assertThat(rows.get(1).lossMean()).isNotEqualTo(rows.get(3).lossMean());
    }
  }

  @Test
  void movesToTheRightForPositiveShifts() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    List<SweepRow> rows = sweep(Set.of(3), 1).sweep(List.of(run), Optional.empty()).rows();
    ImageSet test = TinyRuns.dataset(Datasets.info("MNIST")).test();
    double loss = 0;
    int count = 0;
    for (int i = 0; i < test.size(); i++) {
      if (test.label(i) == 3) {
        byte[] image = new byte[test.imageBytes()];
        test.copyImage(i, image, 0);
        byte[] moved = new byte[image.length];
        // The margins are empty, so a whole image may be moved by one pixel in memory.
        System.arraycopy(image, 0, moved, 1, image.length - 1);
        double[] logits = TinyRuns.logits(moved, 1, 0);
        double sum = 0;
        for (double logit : logits) {
          sum += Math.exp(logit);
        }
        loss += Math.log(sum) - logits[3];
        count++;
      }
    }
    assertThat(rows.get(2).change()).isEqualTo(1);
    assertThat(rows.get(2).lossMean())
        .isCloseTo(loss / count, org.assertj.core.api.Assertions.within(1e-5));
  }

  @Test
  void movesDownAndDiagonally() throws IOException {
    byte[] pixels = new byte[7 * 7];
    pixels[3 * 7 + 3] = 1;
    ImageSet image = ImageSet.of(pixels, new int[] {3}, 7, 7, 1);

    assertThat(place(sweep(ShiftDirection.VERTICAL).changed(image, 2))).isEqualTo(5 * 7 + 3);
    assertThat(place(sweep(ShiftDirection.DIAGONAL).changed(image, -2))).isEqualTo(7 + 1);
    assertThat(place(sweep(ShiftDirection.HORIZONTAL).changed(image, 2))).isEqualTo(3 * 7 + 5);

    Path run = TinyRuns.run(folder.resolve("run"));
    SweepOutcome outcome =
        new ShiftSweep(TinyRuns.options(source), Set.of(3), 9, ShiftDirection.VERTICAL)
            .sweep(List.of(run), Optional.empty());
    assertThat(outcome.failed().get(run)).hasMessageContaining("can be moved by 9 rows both ways");
  }

  private ShiftSweep sweep(ShiftDirection direction) {
    return new ShiftSweep(TinyRuns.options(source), Set.of(3), 2, direction);
  }

  private static int place(ImageSet images) {
    byte[] pixels = new byte[images.imageBytes()];
    images.copyImage(0, pixels, 0);
    return IntStream.range(0, pixels.length).filter(i -> pixels[i] != 0).findFirst().orElseThrow();
  }

  @Test
  void writesTheRowsOfTheRunsInTheirOrderAndKeepsThemWhenOneFails() throws IOException {
    Path fashion = TinyRuns.run(folder.resolve("f"), TinyRuns.hparams("FashionMNIST"), 1);
    Path first = TinyRuns.run(folder.resolve("a, first"));
    Path broken = TinyRuns.run(folder.resolve("broken"));
    Files.write(broken.resolve("saved_model/saved_model.pb"), new byte[] {1});
    Path second = TinyRuns.run(folder.resolve("z"), TinyRuns.hparams("MNIST"), 2);
    Path none = folder.resolve("none");
    Path output = folder.resolve("shift.csv");
    SweepOutcome outcome =
        sweep(Set.of(1), 1)
            .sweep(List.of(second, fashion, broken, none, first), Optional.of(output));
    assertThat(outcome.failed()).containsOnlyKeys(broken, none);
    assertThat(outcome.failed().get(none)).isInstanceOf(RunException.class);
    assertThat(outcome.rows())
        .extracting(SweepRow::runDir)
        .containsExactly(
            second.toString(),
            second.toString(),
            second.toString(),
            fashion.toString(),
            fashion.toString(),
            fashion.toString(),
            first.toString(),
            first.toString(),
            first.toString());
    // Once for both runs on MNIST.
    assertThat(source.loaded).containsExactly("MNIST data 7", "FashionMNIST data 7");
    assertThat(new SweepCsv(SweepAxis.SHIFT).read(output)).isEqualTo(outcome.rows());
    // There are two data sets.
    assertThat(Files.readAllLines(output).get(0))
        .isEqualTo(",run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std,dataset");
    assertThat(Files.readAllLines(output).get(4)).endsWith(",FashionMNIST");
    assertThat(Files.readAllLines(output).get(7))
        .startsWith("6,\"" + first + "\",-1,")
        .endsWith(",MNIST");
  }

  @Test
  void saysWhatCannotBeShifted() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    assertThatThrownBy(() -> sweep(Set.of(12), 1).sweep(List.of(run), Optional.empty()))
        .isInstanceOf(EvalException.class)
        .hasMessage(run + ": there is no label 12: MNIST has the labels 0 to 9");
    assertThat(sweep(Set.of(1, 3), 5).sweep(List.of(run), Optional.empty()).failed().get(run))
        .isInstanceOf(EvalException.class)
        .hasMessage(
            "no test image of MNIST with a label of [1, 3] can be moved by 5 columns both ways:"
                + " choose a --min_shift of at most 3");
    Path cifar = TinyRuns.run(folder.resolve("cifar"), TinyRuns.hparams("CIFAR10"), 0);
    assertThatThrownBy(() -> sweep(Set.of(1), 1).sweep(List.of(run, cifar), Optional.empty()))
        .isInstanceOf(EvalException.class)
        .hasMessage(
            cifar
                + ": The shift experiment needs images with empty margins: expected MNIST,"
                + " FashionMNIST or one of their samples, found CIFAR10.");
    assertThatThrownBy(() -> sweep(Set.of(), 1))
        .hasMessage("no labels to shift: name one or more by --labels");
    assertThatThrownBy(() -> sweep(Set.of(1), -1))
        .hasMessage("--min_shift should be 0 or more, found -1");
    assertThatThrownBy(() -> sweep(Set.of(1), 1).sweep(List.of(), Optional.empty()))
        .hasMessage("no runs to evaluate: name one or more run directories");
  }
}
