package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks compute what the authors' program computes: logits, loss, gradients, averages. */
class GoldenNetworkTest {

  private static final PassOptions FAST =
      new PassOptions(PassOptions.Kernels.FAST, PassOptions.Precision.FP32);

  static List<String> cases() {
    return GoldenCase.names();
  }

  /** Every encoding, attention, norm, activation and network once. */
  static List<String> kinds() {
    return List.of(
        "p4-local-relative",
        "p4m-global-relative",
        "mz2-local",
        "p4-local-batchnorm",
        "p4-local-relu-odd-mid",
        "pcam-like",
        "z2cnn");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void plainNetworksAgreeWithTheAuthorsProgram(String name) {
    check(GoldenCase.read(name), PassOptions.PLAIN);
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Tag("slow") // every kind of case is in every run of the tests
  void allPlainNetworksAgreeWithTheAuthorsProgram(String name) {
    check(GoldenCase.read(name), PassOptions.PLAIN);
  }

  /** FastAttentionTest and tools' GsaProgramTest hold the fast networks, too. */
  @ParameterizedTest
  @ValueSource(strings = {"p4-local-relative", "mz2-local", "z2cnn"})
  void fastNetworksAgreeWithTheAuthorsProgram(String name) {
    check(GoldenCase.read(name), FAST);
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Tag("slow")
  void allFastNetworksAgreeWithTheAuthorsProgram(String name) {
    check(GoldenCase.read(name), FAST);
  }

  private static void check(GoldenCase golden, PassOptions options) {
    NetHarness.Images images = NetHarness.Images.of(golden);
    NetHarness.Outcome found =
        NetHarness.train(net(golden, images), options, golden.weights(), images, golden.labels());
    assertLogits(found.logits(), golden, "logits");
    double loss = golden.golden().get("loss").getAsDouble();
    assertThat((double) found.loss()).isCloseTo(loss, within(1e-4 * Math.max(loss, 1)));

    int parameters = found.gradients().values().stream().mapToInt(values -> values.length).sum();
    assertThat(parameters).isEqualTo(golden.golden().get("parameters").getAsInt());
    double whole = golden.golden().get("gradient_norm").getAsDouble();
    golden
        .gradients()
        .forEach(
            (weight, expected) -> {
              double norm = norm(expected);
              double tolerance = norm < 1e-6 * whole ? 1e-6 * whole : 1e-3 * norm;
              assertThat(norm(minus(found.gradients().get(weight), expected)))
                  .as("gradient by %s, norm %s of %s", weight, norm, whole)
                  .isLessThanOrEqualTo(tolerance);
            });
    golden
        .golden()
        .getAsJsonObject("gradient_summaries")
        .asMap()
        .forEach(
            (weight, expected) ->
                assertSummary(
                    weight, found.gradients().get(weight), expected.getAsJsonObject(), whole));
    golden
        .golden()
        .getAsJsonObject("running")
        .asMap()
        .forEach(
            (state, expected) -> {
              float[] values = GoldenCase.floats(expected);
              assertThat(found.updates().get(state))
                  .as(state)
                  .containsExactly(values, within(1e-4f * largest(values)));
            });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void inferenceGivesTheLogitsOfTheAuthorsProgram(String name) {
    GoldenCase golden = GoldenCase.read(name);
    if (!golden.golden().getAsJsonObject("running").isEmpty()) {
      return; // BatchNorm
    }
    NetHarness.Images images = NetHarness.Images.of(golden);
    assertLogits(
        NetHarness.logits(net(golden, images), PassOptions.PLAIN, golden.weights(), images),
        golden,
        "logits");
  }

  @ParameterizedTest
  @MethodSource("batchNormCases")
  void evaluationTakesTheRunningAverages(String name) {
    GoldenCase golden = GoldenCase.read(name);
    NetHarness.Images images = NetHarness.Images.of(golden);
    Map<String, float[]> weights = golden.weights();
    golden
        .golden()
        .getAsJsonObject("running")
        .asMap()
        .forEach((state, values) -> weights.put(state, GoldenCase.floats(values)));
    assertLogits(
        NetHarness.logits(net(golden, images), PassOptions.PLAIN, weights, images),
        golden,
        "logits_eval_after_one_training_forward");
  }

  static List<String> batchNormCases() {
    return List.of("p4-local-batchnorm", "z2cnn");
  }

  @Test
  void thereIsACaseForEveryGroupAndKind() {
    for (Group group : Group.values()) {
      assertThat(cases()).contains(group.label() + "-local", group.label() + "-global");
    }
    assertThat(cases()).containsAll(batchNormCases());
  }

  private static NetHarness.Net net(GoldenCase golden, NetHarness.Images images) {
    int classes = GoldenCase.floats(golden.golden().get("logits")).length / images.count();
    return golden.name().equals("z2cnn")
        ? weights ->
            new Z2Cnn(
                    weights,
                    images.height(),
                    images.width(),
                    images.channels(),
                    classes,
                    /* dropout= */ false)
                ::logits
        : NetHarness.Net.of(golden.network(), images, classes);
  }

  private static void assertLogits(float[] found, GoldenCase golden, String field) {
    float[] expected = GoldenCase.floats(golden.golden().get(field));
    assertThat(found).as(field).containsExactly(expected, within(1e-4f * largest(expected)));
  }

  private static void assertSummary(
      String weight, float[] found, JsonObject expected, double whole) {
    double norm = expected.get("l2").getAsDouble();
    double tolerance = Math.max(1e-3 * norm, 1e-6 * whole);
    assertThat(norm(found)).as(weight).isCloseTo(norm, within(tolerance));
    double sum = 0;
    for (float value : found) {
      sum += value;
    }
    assertThat(sum)
        .as(weight)
        .isCloseTo(expected.get("sum").getAsDouble(), within(tolerance * Math.sqrt(found.length)));
    int[] places = GoldenCase.ints(expected.getAsJsonArray("at"));
    float[] values = GoldenCase.floats(expected.get("values"));
    for (int i = 0; i < places.length; i++) {
      assertThat((double) found[places[i]]).as(weight).isCloseTo(values[i], within(tolerance));
    }
  }

  private static float[] minus(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float[] difference = a.clone();
    for (int i = 0; i < a.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  /** At least 1. */
  private static float largest(float[] values) {
    float largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
