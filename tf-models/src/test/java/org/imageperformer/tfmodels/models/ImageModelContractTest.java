package org.imageperformer.tfmodels.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.imageperformer.tfmodels.cnn.CnnCases;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.gsa.GsaCases;
import org.imageperformer.tfmodels.performer.PerformerCases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every registered model must do, in plain and in fast mode. */
class ImageModelContractTest {
  private static final int IMAGES = 4;

  private static final long SEED = 11;

  /** Building and compiling a model takes longer than a test of it. */
  private static final Map<List<?>, ModelHarness> HARNESSES = new HashMap<>();

  @AfterAll
  static void closeAll() {
    HARNESSES.values().forEach(ModelHarness::close);
    HARNESSES.clear();
  }

  static List<ContractCase> cases() {
    List<ContractCase> all = new ArrayList<>(PerformerCases.all());
    all.addAll(GsaCases.all());
    all.addAll(CnnCases.all());
    return all;
  }

  static Stream<Arguments> modes() {
    return cases().stream()
        .flatMap(
            model ->
                Stream.of(ModelHarness.PLAIN, ModelHarness.FAST)
                    .map(mode -> Arguments.of(model, mode)));
  }

  @Test
  void everyRegisteredModelIsHere() {
    assertThat(cases())
        .extracting(ContractCase::toString)
        .containsExactlyElementsOf(ModelFamilies.models());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void givesALogitForEachImageAndClass(ContractCase model, PassOptions mode) {
    ModelHarness harness = harness(model, mode);
    float[][] logits = harness.logits(harness.randomImages(IMAGES, 1));
    assertThat(logits).hasDimensions(IMAGES, model.tiny().classes());
    for (float[] row : logits) {
      for (float logit : row) {
        assertThat(logit).isFinite();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheParametersOfItsDefinition(ContractCase model) {
    assertThat(model.usual().outline().weights().parameters()).isEqualTo(model.parameters());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void gradientsAgreeWithFiniteDifferences(ContractCase model, PassOptions mode) {
    GradientCheck.check(harness(model, mode));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void everyTrainedWeightGetsAGradient(ContractCase model, PassOptions mode) {
    ModelHarness harness = harness(model, mode);
    ModelHarness.Gradients gradients =
        harness.gradients(harness.randomImages(IMAGES, 2), new int[] {0, 1, 2, 1});
    for (Weight weight : harness.weights().of(Weight.Role.TRAINED)) {
      assertThat(gradients.byWeight()).containsKey(weight.name());
      assertThat(gradients.byWeight().get(weight.name())).hasSize(weight.size());
      assertThat(gradients.byWeight().get(weight.name()))
          .as(weight.name())
          .satisfies(
              values -> {
                assertThat(norm(values)).isFinite();
                assertThat(norm(values) > 0).isEqualTo(!model.idle().test(weight.name()));
              });
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void anImageIsPredictedAloneAsInAnyBatch(ContractCase model, PassOptions mode) {
    ModelHarness harness = harness(model, mode);
    harness.sharpen();
    float[] images = harness.randomImages(IMAGES, 3);
    float[][] together = harness.logits(images);
    for (int image = 0; image < IMAGES; image++) {
      assertThat(harness.logits(ModelHarness.one(images, image, IMAGES))[0])
          .containsExactly(together[image], within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void savedWeightsGiveTheSameLogits(ContractCase model, PassOptions mode) {
    ModelHarness harness = harness(model, mode);
    try (ModelHarness other = new ModelHarness(model.tiny(), mode, 99)) {
      float[] images = harness.randomImages(IMAGES, 4);
      float[][] expected = harness.logits(images);
      float size = ModelHarness.largestDifference(expected[0], new float[expected[0].length]);
      assertThat(ModelHarness.largestDifference(other.logits(images)[0], expected[0]))
          .isGreaterThan(1e-3f * size);
      Map<String, float[]> saved = harness.values();
      other.assign(saved);
      assertThat(other.logits(images)).isDeepEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneSeedGivesOneModel(ContractCase model) {
    Weights weights = model.tiny().outline().weights();
    Map<String, float[]> again = weights.initialValues(7);
    assertThat(again).hasSameSizeAs(weights.all());
    weights
        .initialValues(7)
        .forEach((name, values) -> assertThat(again.get(name)).as(name).isEqualTo(values));
    String some = weights.of(Weight.Role.TRAINED).get(0).name();
    assertThat(weights.initialValues(7).get(some)).isNotEqualTo(weights.initialValues(8).get(some));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyWeightBelongsToOnePart(ContractCase model) {
    ModelOutline outline = model.tiny().outline();
    for (Weight weight : outline.weights().of(Weight.Role.TRAINED)) {
      assertThat(outline.cost().parts())
          .as(weight.name())
          .satisfiesOnlyOnce(part -> assertThat(part.owns(weight.name())).isTrue());
    }
    assertThat(outline.cost().forward()).isPositive();
    assertThat(outline.cost().training()).isEqualTo(3 * outline.cost().forward());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void optionsAreNamedOnceAndExplained(ContractCase model) {
    assertThat(model.usual().options().problems()).isEmpty();
    assertThat(model.usual().options().set().rows())
        .allSatisfy(row -> assertThat(row.isHidden() || !row.help().isEmpty()).isTrue());
  }

  /** With the initial values of {@link #SEED}. */
  private static ModelHarness harness(ContractCase model, PassOptions mode) {
    ModelHarness harness =
        HARNESSES.computeIfAbsent(
            List.of(model.toString(), mode), key -> new ModelHarness(model.tiny(), mode, SEED));
    harness.assign(harness.weights().initialValues(SEED));
    return harness;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
