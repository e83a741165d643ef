package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A graph whose chunks are replaced by compiled ones computes what the plain attention computes.
 */
class CompiledStripTest {

  private static final PassOptions FAST =
      new PassOptions(PassOptions.Kernels.FAST, PassOptions.Precision.FP32);

  /** P8 has two strips. */
  @ParameterizedTest
  @CsvSource({"Z2, 7, 11", "P4, 8, 8", "P8, 16, 16"})
  void agreesWithThePlainAttention(Group group, int height, int width) {
    compare(group, height, width);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"MZ2, 11, 7", "P4M, 9, 9", "P16, 8, 8", "P8M, 8, 12"})
  void agreesInLargeGroups(Group group, int height, int width) {
    compare(group, height, width);
  }

  private static void compare(Group group, int height, int width) {
    Architecture net = small(group, GroupEncoding.RELATIVE, AttentionType.LOCAL);
    NetHarness.Images images = Networks.images(2, height, width, 2, 1);
    Map<String, float[]> values = Networks.values(net, images, 5, 0.1, 2);
    NetHarness.Net model = NetHarness.Net.of(net, images, 5);
    float[] expected = NetHarness.logits(model, PassOptions.PLAIN, values, images);
    NetHarness.Twinned found = NetHarness.twinned(model, FAST, values, images);
    assertThat(found.replaced()).as("the lifting and two blocks").isEqualTo(3);
    assertThat(found.logits()).containsExactly(expected, within(1e-5f * largest(expected)));
  }

  /** Scores some hundreds apart: no factor of the probabilities may underflow. */
  @Test
  void agreesWhereScoresSpreadWidely() {
    Architecture net = small(Group.P4, GroupEncoding.RELATIVE, AttentionType.LOCAL);
    NetHarness.Images images = Networks.images(2, 8, 8, 2, 1);
    Map<String, float[]> values = new HashMap<>(Networks.values(net, images, 5, 0.1, 3));
    values.forEach(
        (name, value) -> {
          if (name.matches(".*/(query|key|rows/output|columns/output)/kernel")) {
            for (int i = 0; i < value.length; i++) {
              value[i] *= 12;
            }
          }
        });
    NetHarness.Net model = NetHarness.Net.of(net, images, 5);
    float[] expected = NetHarness.logits(model, PassOptions.PLAIN, values, images);
    assertThat(NetHarness.twinned(model, FAST, values, images).logits())
        .containsExactly(expected, within(1e-3f * largest(expected)));
  }

  @ParameterizedTest
  @CsvSource({"RELATIVE, GLOBAL, 0", "ACTED, LOCAL, 1"})
  void whatHasNoCompiledFormStays(GroupEncoding encoding, AttentionType attention, int replaced) {
    Architecture net = small(Group.P4, encoding, attention);
    NetHarness.Images images = Networks.images(1, 8, 8, 2, 1);
    Map<String, float[]> values = Networks.values(net, images, 5, 0.1, 2);
    NetHarness.Net model = NetHarness.Net.of(net, images, 5);
    assertThat(NetHarness.twinned(model, FAST, values, images).replaced()).isEqualTo(replaced);
  }

  private static Architecture small(Group group, GroupEncoding encoding, AttentionType attention) {
    return Networks.small(group, encoding, attention, NormType.LAYER_NORM, 0);
  }

  private static float largest(float[] values) {
    float largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
