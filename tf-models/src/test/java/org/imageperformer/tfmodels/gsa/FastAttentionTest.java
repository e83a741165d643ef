package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The fast attention computes what the plain one computes, dropout masks included. */
class FastAttentionTest {

  private static final PassOptions FAST =
      new PassOptions(PassOptions.Kernels.FAST, PassOptions.Precision.FP32);

  @ParameterizedTest
  @CsvSource({"Z2, RELATIVE, GLOBAL, 0.3", "P4, ACTED, LOCAL, 0.3"})
  void agreesWithThePlainOne(
      Group group, GroupEncoding encoding, AttentionType attention, double dropout) {
    compareSmall(group, encoding, attention, dropout);
  }

  /** Larger groups, whose compiled functions are long. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "Z2, RELATIVE, LOCAL, 0.3",
    "MZ2, RELATIVE, LOCAL, 0.3",
    "MZ2, RELATIVE, GLOBAL, 0.3",
    "P4, RELATIVE, LOCAL, 0.3",
    "P4, RELATIVE, GLOBAL, 0.3",
    "P4M, ACTED, GLOBAL, 0.3",
    "P4M, RELATIVE, LOCAL, 0.3",
    "P8, RELATIVE, GLOBAL, 0",
    "P12, RELATIVE, LOCAL, 0.3",
    "P16, RELATIVE, LOCAL, 0",
    "P8M, RELATIVE, LOCAL, 0.3"
  })
  void agreesWithThePlainOneInLargeGroups(
      Group group, GroupEncoding encoding, AttentionType attention, double dropout) {
    compareSmall(group, encoding, attention, dropout);
  }

  private static void compareSmall(
      Group group, GroupEncoding encoding, AttentionType attention, double dropout) {
    Architecture net = Networks.small(group, encoding, attention, NormType.LAYER_NORM, dropout);
    NetHarness.Images images = Networks.images(3, 8, 8, 2, 1);
    compare(net, images, Networks.values(net, images, 5, 0.1, 2), /* tolerance= */ 1e-4);
  }

  /** Two of an image's four heads make a strip, dropout masks included. */
  @Test
  void agreesWhereAStripHasSomeOfTheHeads() {
    Architecture net =
        new Architecture(
            Group.Z2,
            GroupEncoding.RELATIVE,
            AttentionType.LOCAL,
            5,
            NormType.LAYER_NORM,
            Activation.SWISH,
            12,
            4,
            List.of(0, 1),
            List.of(1, 1),
            List.of(1),
            false,
            false,
            0.3,
            0,
            0,
            0,
            1.41421356);
    NetHarness.Images images = Networks.images(3, 18, 18, 2, 1);
    compare(net, images, Networks.values(net, images, 5, 0.1, 2), /* tolerance= */ 1e-4);
  }

  /** Scores some hundreds apart: neither factor of the probabilities may underflow. */
  @Test
  void agreesWhereScoresSpreadWidely() {
    compareSpread(AttentionType.LOCAL);
  }

  @Tag("slow")
  @Test
  void agreesWhereScoresOfGlobalAttentionSpreadWidely() {
    compareSpread(AttentionType.GLOBAL);
  }

  private static void compareSpread(AttentionType attention) {
    Architecture net =
        Networks.small(Group.P4, GroupEncoding.RELATIVE, attention, NormType.LAYER_NORM, 0);
    NetHarness.Images images = Networks.images(3, 8, 8, 2, 1);
    Map<String, float[]> values = Networks.values(net, images, 5, 0.1, 3);
    values.forEach(
        (name, value) -> {
          if (name.matches(".*/(query|key|rows/output|columns/output)/kernel")) {
            for (int i = 0; i < value.length; i++) {
              value[i] *= 12;
            }
          }
        });
    compare(net, images, values, /* tolerance= */ 1e-2);
  }

  @Test
  void agreesOnImagesThatAreNotSquare() {
    Architecture net =
        Networks.small(
            Group.P4, GroupEncoding.RELATIVE, AttentionType.LOCAL, NormType.BATCH_NORM, 0);
    NetHarness.Images images = Networks.images(2, 7, 11, 3, 4);
    Map<String, float[]> values = Networks.values(net, images, 5, 0.1, 5);
    NetHarness.Net model = NetHarness.Net.of(net, images, 5);
    float[] expected = NetHarness.logits(model, PassOptions.PLAIN, values, images);
    assertThat(NetHarness.logits(model, FAST, values, images))
        .containsExactly(expected, within(1e-5f * largest(expected)));
  }

  /** Two passes that take a batch in common drop what one pass drops. */
  @Tag("slow")
  @ParameterizedTest
  @EnumSource(PassOptions.Kernels.class)
  void anImageHasItsMaskInWhicheverPassItIs(PassOptions.Kernels kernels) {
    PassOptions options = new PassOptions(kernels, PassOptions.Precision.FP32);
    Architecture net =
        Networks.small(
            Group.P4, GroupEncoding.RELATIVE, AttentionType.LOCAL, NormType.LAYER_NORM, 0.3);
    NetHarness.Images all = Networks.images(3, 8, 8, 2, 1);
    Map<String, float[]> values = Networks.values(net, all, 5, 0.1, 2);
    NetHarness.Net model = NetHarness.Net.of(net, all, 5);
    NetHarness.Images last = all.from(2);
    float[] whole = NetHarness.train(model, options, values, all, new int[] {3, 0, 4}).logits();
    float[] part =
        NetHarness.train(model, options, values, last, new int[] {4}, OptionalInt.of(2)).logits();

    assertThat(part)
        .containsExactly(Arrays.copyOfRange(whole, 10, 15), within(1e-5f * largest(whole)));
    assertThat(NetHarness.train(model, options, values, last, new int[] {4}).logits())
        .isNotEqualTo(part);
  }

  private static void compare(
      Architecture net, NetHarness.Images images, Map<String, float[]> values, double tolerance) {
    NetHarness.Net model = NetHarness.Net.of(net, images, 5);
    int[] labels = {3, 0, 4};
    NetHarness.Outcome plain = NetHarness.train(model, PassOptions.PLAIN, values, images, labels);
    NetHarness.Outcome fast = NetHarness.train(model, FAST, values, images, labels);
    assertThat(fast.logits())
        .containsExactly(plain.logits(), within((float) tolerance / 10 * largest(plain.logits())));
    assertThat(fast.loss())
        .isCloseTo(plain.loss(), within((float) tolerance / 10 * Math.max(1, plain.loss())));
    Map<String, float[]> expected = plain.gradients();
    double whole = 0;
    for (float[] gradient : expected.values()) {
      whole = Math.hypot(whole, norm(gradient));
    }
    double least = 1e-3 * whole;
    expected.forEach(
        (name, gradient) ->
            assertThat(fast.gradients().get(name))
                .as(name)
                .containsExactly(
                    gradient, within((float) (tolerance * Math.max(norm(gradient), least)))));
    if (net.attentionDropout() > 0) {
      assertThat(List.of(fast.logits()[0]))
          .as("dropout does something")
          .isNotEqualTo(List.of(NetHarness.logits(model, FAST, values, images)[0]));
    }
  }

  private static float largest(float[] values) {
    float largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
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
