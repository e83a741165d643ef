package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits do not change when an image is turned or mirrored, where the group has the action. */
class EquivarianceTest {

  private static final int CLASSES = 5;

  @ParameterizedTest
  @EnumSource(Group.class)
  void logitsDoNotFollowTheGroup(Group group) {
    checkActions(group, AttentionType.LOCAL, NormType.LAYER_NORM, PassOptions.Kernels.FAST);
    checkActions(group, AttentionType.GLOBAL, NormType.BATCH_NORM, PassOptions.Kernels.FAST);
  }

  @ParameterizedTest
  @EnumSource(
      value = Group.class,
      names = {"Z2", "MZ2", "P4", "P4M"})
  void logitsOfThePlainDefinitionDoNotFollowSmallGroups(Group group) {
    checkActions(group, AttentionType.GLOBAL, NormType.LAYER_NORM, PassOptions.Kernels.PLAIN);
    checkActions(group, AttentionType.LOCAL, NormType.BATCH_NORM, PassOptions.Kernels.PLAIN);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Group.class)
  void logitsOfNoNetworkFollowTheGroup(Group group) {
    for (PassOptions.Kernels kernels : PassOptions.Kernels.values()) {
      for (AttentionType attention : AttentionType.values()) {
        for (NormType norm : NormType.values()) {
          checkActions(group, attention, norm, kernels);
        }
      }
    }
  }

  private static void checkActions(
      Group group, AttentionType attention, NormType norm, PassOptions.Kernels kernels) {
    Architecture net = Networks.small(group, GroupEncoding.RELATIVE, attention, norm, 0);
    assertThat(change(net, kernels))
        .as("%s %s", kernels, net)
        .allSatisfy(
            (action, change) -> {
              if (has(group, action)) {
                assertThat(change).as(action).isLessThan(1e-5);
              } else {
                assertThat(change).as(action).isGreaterThan(1e-3);
              }
            });
  }

  /** As gsa.md documents of the authors' index. */
  @ParameterizedTest
  @EnumSource(
      value = Group.class,
      names = {"P4", "P8", "P4M"})
  void actedEncodingsAreNotInvariant(Group group) {
    Architecture net =
        Networks.small(group, GroupEncoding.ACTED, AttentionType.LOCAL, NormType.LAYER_NORM, 0);
    assertThat(change(net, PassOptions.Kernels.PLAIN).get("turned")).isGreaterThan(1e-4);
  }

  private static boolean has(Group group, String action) {
    return action.equals("turned") ? group.rotations() % 4 == 0 : group.mirrors();
  }

  /** The largest change of a logit under each action, relative to the largest logit. */
  private static Map<String, Double> change(Architecture net, PassOptions.Kernels kernels) {
    NetHarness.Images images = Networks.images(2, 8, 8, 2, 1);
    int size = images.values().length;
    float[] all = Arrays.copyOf(images.values(), 3 * size);
    System.arraycopy(moved(images, true), 0, all, size, size);
    System.arraycopy(moved(images, false), 0, all, 2 * size, size);
    float[] logits =
        NetHarness.logits(
            NetHarness.Net.of(net, images, CLASSES),
            new PassOptions(kernels, PassOptions.Precision.FP32),
            Networks.values(net, images, CLASSES, 0.1, 2),
            new NetHarness.Images(all, 6, 8, 8, 2));
    return Map.of("turned", difference(logits, 1), "mirrored", difference(logits, 2));
  }

  /** Between the first two images and a pair after them. */
  private static double difference(float[] logits, int pair) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < 2 * CLASSES; i++) {
      largest = Math.max(largest, Math.abs(logits[i]));
      difference = Math.max(difference, Math.abs(logits[i] - logits[2 * CLASSES * pair + i]));
    }
    return difference / largest;
  }

  /** Square images turned by 90 degrees counterclockwise, or with their columns reversed. */
  private static float[] moved(NetHarness.Images images, boolean turned) {
    int side = images.height();
    int channels = images.channels();
    float[] moved = new float[images.values().length];
    for (int i = 0; i < moved.length; i++) {
      int pixel = i / channels % (side * side);
      int row = pixel / side;
      int column = pixel % side;
      int from = turned ? column * side + side - 1 - row : row * side + side - 1 - column;
      moved[i] = images.values()[i + (from - pixel) * channels];
    }
    return moved;
  }
}
