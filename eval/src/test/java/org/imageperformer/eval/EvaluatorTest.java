package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.SavedModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {

  @TempDir Path folder;
  private SavedModel model;

  @BeforeEach
  void load() {
    model = SavedModel.load(TinyRuns.model(folder.resolve("m"), 1, 5, false), LoadOptions.cpu(2));
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void isTheMeanOverEveryImage() {
    // 43 is no multiple of any batch: the last few count like all others.
    ImageSet images = TinyRuns.images(43, 8);
    List<Integer> progress = Collections.synchronizedList(new ArrayList<>());
    Evaluation evaluation = new Evaluator(model).evaluate(images, progress::add);
    double loss = 0;
    int hits = 0;
    for (int i = 0; i < images.size(); i++) {
      byte[] pixels = new byte[images.imageBytes()];
      images.copyImage(i, pixels, 0);
      double[] logits = TinyRuns.logits(pixels, 1, 5);
      double sum = 0;
      int best = 0;
      for (int c = 0; c < logits.length; c++) {
        sum += Math.exp(logits[c]);
        best = logits[c] > logits[best] ? c : best;
      }
      double imageLoss = -Math.log(Math.exp(logits[images.label(i)]) / sum);
      assertThat(evaluation.loss(i)).isCloseTo(imageLoss, within(1e-5));
      assertThat(evaluation.isCorrect(i)).isEqualTo(best == images.label(i));
      loss += imageLoss;
      hits += best == images.label(i) ? 1 : 0;
    }
    assertThat(hits).isBetween(1, 42);
    assertThat(evaluation.count()).isEqualTo(43);
    assertThat(evaluation.loss()).isCloseTo(loss / 43, within(1e-6));
    assertThat(evaluation.accuracy()).isEqualTo(hits / 43.0, within(1e-12));
    double p = hits / 43.0;
    assertThat(evaluation.accuracyStd()).isCloseTo(Math.sqrt(p * (1 - p) * 43 / 42), within(1e-12));
    double squares = 0;
    for (int i = 0; i < 43; i++) {
      squares += Math.pow(evaluation.loss(i) - loss / 43, 2);
    }
    assertThat(evaluation.lossStd()).isCloseTo(Math.sqrt(squares / 42), within(1e-6));
    assertThat(progress).isSorted().endsWith(43);
  }

  @Test
  void aSingleImageHasNoStandardDeviation() {
    Evaluation evaluation = new Evaluator(model).evaluate(TinyRuns.images(1, 8), done -> {});
    assertThat(evaluation.lossStd()).isNaN();
    assertThat(evaluation.accuracyStd()).isNaN();
    assertThat(evaluation.loss()).isPositive();
  }

  @Test
  void crossEntropyOfLargeLogitsIsFinite() {
    assertThat(Evaluation.crossEntropy(new float[] {1000, 0, 0}, 1)).isEqualTo(1000);
    assertThat(Evaluation.crossEntropy(new float[] {-1000, -1000}, 1))
        .isCloseTo(Math.log(2), within(1e-12));
    assertThat(Evaluation.crossEntropy(new float[] {80, 0}, 0)).isBetween(0.0, 1e-30);
  }

  @Test
  void refusesImagesThatDoNotFit() {
    Evaluator evaluator = new Evaluator(model);
    assertThatThrownBy(
            () -> evaluator.evaluate(ImageSet.of(new byte[60], new byte[1], 5, 4, 3), done -> {}))
        .isInstanceOf(EvalException.class)
        .hasMessage("the model takes images of 7x13x1, found images of 5x4x3");
    assertThatThrownBy(() -> evaluator.evaluate(TinyRuns.images(3, 0).first(0), done -> {}))
        .isInstanceOf(EvalException.class)
        .hasMessage("there are no images to evaluate");
    assertThatThrownBy(
            () ->
                evaluator.evaluate(
                    ImageSet.of(new byte[182], new byte[] {9, 10}, 7, 13, 1), done -> {}))
        .isInstanceOf(EvalException.class)
        .hasMessage("the model knows the labels 0 to 9, found the label 10 at image 1");
  }
}
