package org.imageperformer.tfmodels.performer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLASS_TOKEN_POSITION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLIPPING_DIST;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CONTENT_REL_ATTN;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EDGES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.KEY_STABILIZER;
import static org.imageperformer.tfmodels.performer.PerformerOptions.POS_SCALES;

import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.PixelFeatures;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.graph.PassOptions.Precision;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.kernels.Edges;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelHarness;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast blocks compute what the plain definition computes, dropout masks included. */
class FastKernelsTest {

  private static final PassOptions FAST = new PassOptions(Kernels.FAST, Precision.FP32);

  static Iterable<String> models() {
    return new PerformerFamily().models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void agreeWithThePlainDefinition(String model) {
    compare(model, 0, 1);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("models")
  void agreeWithThePlainDefinitionInMoreTrials(String model) {
    compare(model, 1, 6);
  }

  private static void compare(String model, int from, int to) {
    for (int trial = from; trial < to; trial++) {
      RandomGenerator random = RandomStreams.stream(trial, model, 0);
      int headDim = 2 * random.nextInt(3, 8);
      int heads = 2 * random.nextInt(1, 3);
      ModelSpec config =
          ModelSpec.of(model, new ImageShape(random.nextInt(3, 9), random.nextInt(3, 9), 1), 3)
              .with(DIM, 8 * headDim * heads) // divisible by the heads of the default, too
              .with(HEADS, heads)
              .with(DIM, headDim * heads)
              .with(DEPTH, random.nextInt(1, 3))
              .with(ATTN_DROPOUT, 0.3)
              .with(FF_DROPOUT, 0.2);
      config =
          Specs.ifThere(
              config, KEY_STABILIZER, trial % 2 == 0 ? KeyStabilizer.EXAMPLE : KeyStabilizer.BATCH);
      config =
          Specs.ifThere(config, FEATURES, trial % 2 == 0 ? PixelFeatures.ELU : PixelFeatures.FAVOR);
      config = Specs.ifThere(config, EDGES, trial % 3 < 2 ? Edges.CIRCULAR : Edges.ZERO);
      config = Specs.ifThere(config, POS_SCALES, 2);
      config = Specs.ifThere(config, CONTENT_REL_ATTN, random.nextBoolean());
      config = Specs.ifThere(config, CLIPPING_DIST, random.nextInt(1, 20));
      config =
          Specs.ifThere(
              config,
              CLASS_TOKEN_POSITION,
              random.nextBoolean() ? ClassTokenPosition.CORNER : ClassTokenPosition.NONE);
      try (ModelHarness plain = new ModelHarness(config, PassOptions.PLAIN, trial);
          ModelHarness fast = new ModelHarness(config, FAST, trial)) {
        Map<String, float[]> values = plain.values();
        values.forEach(
            (name, value) -> {
              for (int i = 0; i < value.length; i++) {
                value[i] += (float) (0.1 * random.nextGaussian());
              }
            });
        plain.assign(values);
        fast.assign(values);
        float[] images = plain.randomImages(3, trial);
        // An empty background, whose equal tokens share the maximum over the keys.
        Arrays.fill(images, 0, images.length / 2, 0f);
        assertSame(plain, fast, images, config);
      }
    }
  }

  private static void assertSame(
      ModelHarness plain, ModelHarness fast, float[] images, ModelSpec config) {
    float[][] expected = plain.logits(images);
    float[][] found = fast.logits(images);
    for (int image = 0; image < expected.length; image++) {
      assertThat(found[image])
          .as("logits of %s", config)
          .containsExactly(expected[image], within(1e-5f));
    }
    ModelHarness.Gradients of = plain.gradients(images, new int[] {2, 0, 1});
    ModelHarness.Gradients is = fast.gradients(images, new int[] {2, 0, 1});
    assertThat(is.loss()).as("loss of %s", config).isCloseTo(of.loss(), within(1e-5f));
    double whole = 0;
    for (float[] gradient : of.byWeight().values()) {
      whole = Math.hypot(whole, norm(gradient));
    }
    for (Map.Entry<String, float[]> gradient : of.byWeight().entrySet()) {
      float tolerance = (float) (1e-4 * Math.max(norm(gradient.getValue()), 1e-3 * whole));
      assertThat(is.byWeight().get(gradient.getKey()))
          .as("gradient by %s of %s", gradient.getKey(), config)
          .containsExactly(gradient.getValue(), within(tolerance));
    }
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
