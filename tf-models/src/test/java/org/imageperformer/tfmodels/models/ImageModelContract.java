package org.imageperformer.tfmodels.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every model must do. */
abstract class ImageModelContract {

  private static final int IMAGES = 4;

  /** The model's tiny configuration. */
  abstract ModelConfig tiny();

  /** Trained parameters at the defaults (models.md section 7). */
  abstract long defaultParameters();

  @Test
  void givesALogitForEachImageAndClass() {
    try (ModelHarness model = harness(tiny())) {
      float[][] logits = model.logits(model.randomImages(IMAGES, 1));
      assertThat(logits).hasDimensions(IMAGES, tiny().numClasses());
      for (float[] row : logits) {
        for (float logit : row) {
          assertThat(logit).isFinite();
        }
      }
    }
  }

  @Test
  void hasTheParametersOfThePublishedModel() {
    Weights weights = new Weights();
    ImageModel.create(weights, Configs.sized(tiny().kind(), 128, 4, 4, 8));
    assertThat(weights.parameters()).isEqualTo(defaultParameters());
  }

  @ParameterizedTest
  @EnumSource(EmbeddingType.class)
  void gradientsAgreeWithFiniteDifferences(EmbeddingType embedding) {
    ModelConfig config = Configs.embedding(tiny(), embedding, 3);
    GradientCheck.check(config, PassOptions.PLAIN);
  }

  @Test
  void gradientsThroughMaximaAgreeWithFiniteDifferences() {
    GradientCheck.check(Configs.stabilizer(tiny(), KeyStabilizer.BATCH), PassOptions.PLAIN);
  }

  @Test
  void gradientsOfTheExactKernelAgreeWithFiniteDifferences() {
    GradientCheck.check(Configs.exact(tiny()), PassOptions.PLAIN);
  }

  @Test
  void everyTrainedWeightGetsAGradient() {
    try (ModelHarness model = harness(tiny())) {
      ModelHarness.Gradients gradients =
          model.gradients(model.randomImages(IMAGES, 2), new int[] {0, 1, 2, 1});
      for (Weight weight : model.weights().of(Weight.Role.TRAINED)) {
        assertThat(gradients.byWeight()).containsKey(weight.name());
        assertThat(gradients.byWeight().get(weight.name())).hasSize(weight.size());
        assertThat(gradients.byWeight().get(weight.name()))
            .as(weight.name())
            .satisfies(
                values -> {
                  assertThat(norm(values)).isFinite();
                  assertThat(norm(values) > 0).isEqualTo(matters(weight.name()));
                });
      }
    }
  }

  @Test
  void anImageIsPredictedAloneAsInAnyBatch() {
    try (ModelHarness model = harness(tiny())) {
      sharpen(model);
      float[] images = model.randomImages(IMAGES, 3);
      int size = images.length / IMAGES;
      float[][] together = model.logits(images);
      for (int image = 0; image < IMAGES; image++) {
        float[] one = new float[size];
        System.arraycopy(images, image * size, one, 0, size);
        assertThat(model.logits(one)[0]).containsExactly(together[image], within(1e-5f));
      }
    }
  }

  @Test
  void theBatchStabilizerTiesImagesTogether() {
    try (ModelHarness model = harness(Configs.stabilizer(tiny(), KeyStabilizer.BATCH))) {
      sharpen(model);
      float[] images = model.randomImages(IMAGES, 3);
      int size = images.length / IMAGES;
      float[][] together = model.logits(images);
      float largest = 0;
      for (int image = 0; image < IMAGES; image++) {
        float[] one = new float[size];
        System.arraycopy(images, image * size, one, 0, size);
        largest = Math.max(largest, largestDifference(together[image], model.logits(one)[0]));
      }
      assertThat(largest).isGreaterThan(5e-5f);
    }
  }

  @Test
  void savedWeightsGiveTheSameLogits() {
    try (ModelHarness model = harness(tiny());
        ModelHarness other = new ModelHarness(tiny(), PassOptions.PLAIN, 99)) {
      float[] images = model.randomImages(IMAGES, 4);
      float[][] expected = model.logits(images);
      assertThat(largestDifference(other.logits(images)[0], expected[0])).isGreaterThan(1e-3f);
      Map<String, float[]> saved = model.values();
      other.assign(saved);
      assertThat(other.logits(images)).isDeepEqualTo(expected);
    }
  }

  @Test
  void oneSeedGivesOneModel() {
    Weights weights = new Weights();
    ImageModel.create(weights, tiny());
    assertThat(weights.initialValues(7))
        .usingRecursiveComparison()
        .isEqualTo(weights.initialValues(7));
    assertThat(weights.initialValues(7).get("output/kernel"))
        .isNotEqualTo(weights.initialValues(8).get("output/kernel"));
  }

  /** Whether a weight has any influence on the logits. */
  boolean matters(String weight) {
    return true;
  }

  /**
   * Larger queries and keys, as after long training: maxima then differ so much between images that
   * it shows over which of them a maximum was taken.
   */
  private static void sharpen(ModelHarness model) {
    Map<String, float[]> values = model.values();
    values.forEach(
        (name, value) -> {
          if (name.endsWith("query/kernel") || name.endsWith("key/kernel")) {
            for (int i = 0; i < value.length; i++) {
              value[i] *= 5;
            }
          }
        });
    model.assign(values);
  }

  static ModelHarness harness(ModelConfig config) {
    return new ModelHarness(config, PassOptions.PLAIN, 11);
  }

  static float largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
