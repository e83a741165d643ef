package org.imageperformer.tfmodels.performer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.imageperformer.options.Option;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.PixelFeatures;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.GradientCheck;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.models.ModelHarness;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.Traits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the options of the Performers do, beyond the contract of all models. */
class PerformerFamilyTest {
  private static final int IMAGES = 4;

  static Iterable<String> models() {
    return new PerformerFamily().models();
  }

  @Tag("slow") // the contract checks one of them in every run of the tests
  @ParameterizedTest
  @MethodSource("models")
  void gradientsOfEveryEmbeddingAgreeWithFiniteDifferences(String model) {
    for (EmbeddingType embedding : EmbeddingType.values()) {
      GradientCheck.check(Specs.embedding(Specs.tiny(model), embedding, 3), PassOptions.PLAIN);
    }
  }

  /** Those with the kernel of the paper. */
  static List<String> ofThePaper() {
    return new PerformerFamily()
        .models().stream()
            .filter(model -> Specs.tiny(model).options().set().has(PerformerOptions.KEY_STABILIZER))
            .toList();
  }

  @ParameterizedTest
  @MethodSource("ofThePaper")
  void gradientsThroughMaximaAgreeWithFiniteDifferences(String model) {
    GradientCheck.check(
        Specs.tiny(model).with(PerformerOptions.KEY_STABILIZER, KeyStabilizer.BATCH),
        PassOptions.PLAIN);
  }

  @ParameterizedTest
  @MethodSource("ofThePaper")
  void gradientsOfTheExactKernelAgreeWithFiniteDifferences(String model) {
    GradientCheck.check(Specs.exact(Specs.tiny(model)), PassOptions.PLAIN);
  }

  @ParameterizedTest
  @MethodSource("ofThePaper")
  void theBatchStabilizerTiesImagesTogether(String model) {
    ModelSpec spec = Specs.tiny(model).with(PerformerOptions.KEY_STABILIZER, KeyStabilizer.BATCH);
    try (ModelHarness harness = new ModelHarness(spec, PassOptions.PLAIN, 11)) {
      harness.sharpen();
      float[] images = harness.randomImages(IMAGES, 3);
      float[][] together = harness.logits(images);
      float largest = 0;
      for (int image = 0; image < IMAGES; image++) {
        float[][] alone = harness.logits(ModelHarness.one(images, image, IMAGES));
        largest = Math.max(largest, ModelHarness.largestDifference(together[image], alone[0]));
      }
      assertThat(largest).isGreaterThan(5e-5f);
    }
    assertThat(spec.outline().traits().coupling()).hasValue("key_stabilizer batch");
  }

  @Test
  void traitsFollowFromTheOptions() {
    ModelSpec spec = Specs.tiny(PerformerFamily.PERFORMER);
    assertThat(spec.outline().traits()).isEqualTo(new Traits(Optional.empty(), false, 1000));
    assertThat(Specs.exact(spec).outline().traits().redrawInterval()).isZero();
    assertThat(Specs.embedding(spec, EmbeddingType.LOOKUP, 3).outline().traits().rawPixels())
        .isTrue();
  }

  @Test
  void traitsOfTheEquivariantModelFollowFromItsFeatures() {
    ModelSpec elu = Specs.tiny(PerformerFamily.EQUIVARIANT_PERFORMER);
    assertThat(elu.outline().traits()).isEqualTo(Traits.USUAL);
    ModelSpec favor =
        elu.with(PerformerOptions.FEATURES, PixelFeatures.FAVOR)
            .with(PerformerOptions.FEATURE_REDRAW_INTERVAL, 7);
    assertThat(favor.outline().traits()).isEqualTo(new Traits(Optional.empty(), false, 7));
    assertThat(favor.with(PerformerOptions.FEATURE_REDRAW_INTERVAL, 0).outline().traits())
        .isEqualTo(Traits.USUAL);
  }

  @Test
  void theEquivariantModelRefusesWhatItCannotBe() {
    ModelSpec spec = Specs.tiny(PerformerFamily.EQUIVARIANT_PERFORMER);
    assertThatThrownBy(() -> spec.with(PerformerOptions.LOCAL, 4))
        .hasMessage("local is 4, must be odd, or 0 for no convolution");
    assertThatThrownBy(() -> spec.with(PerformerOptions.HEADS, 12))
        .hasMessage(
            "features elu of heads of dim / heads = 1 with feature_count 0 come in no pair: at"
                + " least 2 features are needed");
    assertThatThrownBy(
            () ->
                spec.with(PerformerOptions.FEATURES, PixelFeatures.FAVOR)
                    .with(PerformerOptions.FEATURE_COUNT, 1))
        .hasMessage(
            "features favor of heads of dim / heads = 6 with feature_count 1 come in no pair: at"
                + " least 2 features are needed");
    for (Option<?> option :
        List.of(
            PerformerOptions.NO_PROJECTION,
            PerformerOptions.KEY_STABILIZER,
            PerformerOptions.POS_SCALES,
            PerformerOptions.CLIPPING_DIST)) {
      assertThat(spec.options().set().has(option)).as("%s", option).isFalse();
    }
  }

  /** 62.1 million multiply-adds at 32x32, dim 64, depth 2, heads 4, and four times at 64x64. */
  @Test
  void theWorkOfTheEquivariantModelGrowsWithThePixels() {
    ModelSpec small =
        ModelSpec.of(PerformerFamily.EQUIVARIANT_PERFORMER, new ImageShape(32, 32, 1), 10)
            .with(PerformerOptions.DIM, 64)
            .with(PerformerOptions.DEPTH, 2);
    double work = small.outline().cost().forward();
    assertThat(work / 2).isBetween(62.0e6, 62.5e6);
    assertThat(small.with(new ImageShape(64, 64, 1)).outline().cost().forward() / work)
        .isBetween(3.9, 4.0);
    double favor =
        small.with(PerformerOptions.FEATURES, PixelFeatures.FAVOR).outline().cost().forward();
    assertThat(favor / 2).isBetween(71.0e6, 72.5e6);
  }

  @Test
  void allThatDoesNotFitIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                new ModelSpec(
                    new PerformerFamily(),
                    PerformerFamily.PERFORMER,
                    new ImageShape(0, 4, 3),
                    1,
                    new PerformerFamily()
                        .options(PerformerFamily.PERFORMER)
                        .defaults()
                        .with(PerformerOptions.DIM, 9)
                        .with(PerformerOptions.DEPTH, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "image height is 0, must be at least 1; num_classes is 1, must be at least 2; depth is"
                + " 0, must be at least 1; heads 4 does not divide dim 9; dim 9 is not divisible by"
                + " 4, as sines and cosines of two axes");
  }

  @Test
  void modelsAreFoundByName() {
    assertThat(ModelFamilies.of("NoposPerformer")).isInstanceOf(PerformerFamily.class);
    assertThatThrownBy(() -> ModelFamilies.of("Reformer"))
        .hasMessage(
            "unknown model 'Reformer'; known models: " + String.join(", ", ModelFamilies.models()));
  }
}
