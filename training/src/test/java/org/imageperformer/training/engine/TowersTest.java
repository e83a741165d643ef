package org.imageperformer.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.KEY_STABILIZER;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.util.Map;
import java.util.SplittableRandom;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.NodeDef;

/** Several copies of a model, on virtual devices of the processor in the place of GPUs. */
class TowersTest {
  private static final int IMAGES = 8;
  private static final int SIDE = 5;
  private static final long NOISE = 4;
  private static final int STEPS = 3;

  @ParameterizedTest
  @CsvSource({"RelativePerformer, PLAIN", "ClippedRelativePerformer, FAST"})
  void trainAsOneThatGoesThroughTheirSharesInTurn(String kind, Kernels kernels) {
    try (TrainingGraph one = new TrainingGraph(model(kind), scaling(), inTurn(kernels, 2));
        TrainingGraph several = new TrainingGraph(model(kind), scaling(), options(kernels, 2))) {
      one.initialize(7);
      several.initialize(7);
      Map<String, float[]> expected = one.gradients(batch(1), NOISE);
      assertThat(several.gradients(batch(1), NOISE))
          .hasSameSizeAs(expected)
          .allSatisfy((name, found) -> assertThat(found).isEqualTo(expected.get(name)));

      for (int step = 0; step < STEPS; step++) {
        BatchOutcome outcome = one.step(batch(step), NOISE + step, step, 1e-2, 0.5);
        assertThat(several.step(batch(step), NOISE + step, step, 1e-2, 0.5)).isEqualTo(outcome);
      }
      assertThat(several.values())
          .allSatisfy((name, found) -> assertThat(found).isEqualTo(one.values().get(name)));
      assertThat(several.evaluate(batch(9))).isEqualTo(one.evaluate(batch(9)));
    }
  }

  /** Shares of 3, 3 and 2 images. */
  @Test
  void shareTheGradientOfAWholeBatch() {
    ModelSpec model = model(PerformerFamily.PERFORMER);
    try (TrainingGraph one = new TrainingGraph(model, scaling(), options(Kernels.PLAIN, 1));
        TrainingGraph three = new TrainingGraph(model, scaling(), options(Kernels.PLAIN, 3))) {
      one.initialize(7);
      three.initialize(7);
      Map<String, float[]> found = three.gradients(batch(1), NOISE);
      assertThat(one.gradients(batch(1), NOISE))
          .allSatisfy((name, gradient) -> assertClose(found.get(name), gradient));
    }
  }

  /** Up to the rounding of sums over the images in another order. */
  private static void assertClose(float[] found, float[] expected) {
    float largest = 0;
    for (float each : expected) {
      largest = Math.max(largest, Math.abs(each));
    }
    assertThat(largest).isPositive();
    assertThat(found).containsExactly(expected, within(1e-4f * largest));
  }

  @Test
  void areComputedOnTheirDevicesGradientsIncluded() {
    EngineOptions options = options(Kernels.PLAIN, 2);
    try (TrainingGraph built =
        new TrainingGraph(model(PerformerFamily.PERFORMER), scaling(), options)) {
      for (NodeDef node : built.definition().getNodeList()) {
        String scope = node.getName().replaceFirst("/.*", "");
        assertThat(node.getDevice())
            .as(node.getName())
            .isEqualTo(scope.startsWith("tower") ? "/device:CPU:" + scope.charAt(5) : "");
        assertThat(scope).doesNotStartWith("gradients");
      }
      assertThat(built.definition().getNodeList())
          .filteredOn(node -> node.getName().matches("tower1/gradients.*"))
          .isNotEmpty();
    }
  }

  @Test
  void needADeviceEach() {
    assertThatThrownBy(() -> options(Kernels.PLAIN, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("towers, lanes, chunk and threads must be at least 1, not 0");
  }

  @Test
  void cannotShareABatchWhoseImagesDependOnEachOther() {
    ModelSpec tied =
        TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
            .set(KEY_STABILIZER, KeyStabilizer.BATCH)
            .build()
            .spec();

    assertThatThrownBy(() -> new TrainingGraph(tied, scaling(), options(Kernels.PLAIN, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use one tower with one lane, not 2 with 1");
  }

  private static EngineOptions options(Kernels kernels, int towers) {
    return new EngineOptions(towers, 1, share(towers), false, 1, 2, pass(kernels), GpuUse.NONE);
  }

  /** One copy that works through the shares of several. */
  private static EngineOptions inTurn(Kernels kernels, int towers) {
    return new EngineOptions(1, 1, share(towers), false, 1, 1, pass(kernels), GpuUse.NONE);
  }

  private static int share(int towers) {
    return towers == 0 ? IMAGES : (IMAGES + towers - 1) / towers;
  }

  private static PassOptions pass(Kernels kernels) {
    return new PassOptions(kernels, PassOptions.Precision.FP32);
  }

  private static PixelScaling scaling() {
    return PixelScaling.unit(1);
  }

  private static ModelSpec model(String kind) {
    return TrainingConfig.builder(kind, Datasets.info("MNIST"))
        .set(IMAGE_SIZE, SIDE)
        .set(DIM, 8)
        .set(DEPTH, 1)
        .set(HEADS, 2)
        .set(ATTN_DROPOUT, 0)
        .set(FF_DROPOUT, 0)
        .build()
        .spec();
  }

  private static ImageBatch batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] pixels = new float[IMAGES][SIDE * SIDE];
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      for (int j = 0; j < pixels[i].length; j++) {
        pixels[i][j] = (float) random.nextDouble();
      }
      labels[i] = random.nextInt(10);
    }
    return ImageBatch.ofPixels(pixels, labels, SIDE, SIDE, 1);
  }
}
