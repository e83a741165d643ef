package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits do not change when an image is turned or mirrored, where the group has the action. */
class EquivarianceTest {

  private static final int CLASSES = 5;

  @ParameterizedTest
  @EnumSource(Group.class)
  void logitsDoNotFollowTheGroup(Group group) {
    for (AttentionType attention : AttentionType.values()) {
      for (NormType norm : NormType.values()) {
        Architecture net = Networks.small(group, GroupEncoding.RELATIVE, attention, norm, 0);
        assertThat(change(net))
            .as("%s", net)
            .allSatisfy(
                (action, change) -> {
                  if (has(group, action)) {
                    assertThat(change).as(action).isLessThan(1e-5);
                  } else {
                    assertThat(change).as(action).isGreaterThan(1e-3);
                  }
                });
      }
    }
  }

  /** As gsa.md documents of the authors' index. */
  @ParameterizedTest
  @EnumSource(
      value = Group.class,
      names = {"P4", "P8", "P12", "P16", "P4M", "P8M"})
  void actedEncodingsAreNotInvariant(Group group) {
    Architecture net =
        Networks.small(group, GroupEncoding.ACTED, AttentionType.LOCAL, NormType.LAYER_NORM, 0);
    assertThat(change(net).get("turned")).isGreaterThan(1e-4);
  }

  private static boolean has(Group group, String action) {
    return action.equals("turned") ? group.rotations() % 4 == 0 : group.mirrors();
  }

  /** The largest change of a logit under each action, relative to the largest logit. */
  private static Map<String, Double> change(Architecture net) {
    NetHarness.Images images = Networks.images(2, 8, 8, 2, 1);
    Map<String, float[]> values = Networks.values(net, images, CLASSES, 0.1, 2);
    NetHarness.Net model = NetHarness.Net.of(net, images, CLASSES);
    List<float[]> logits = new ArrayList<>();
    for (NetHarness.Images moved : List.of(images, moved(images, true), moved(images, false))) {
      logits.add(NetHarness.logits(model, PassOptions.PLAIN, values, moved));
    }
    return Map.of(
        "turned", difference(logits.get(0), logits.get(1)),
        "mirrored", difference(logits.get(0), logits.get(2)));
  }

  private static double difference(float[] a, float[] b) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
    }
    return difference / largest;
  }

  /** Square images turned by 90 degrees counterclockwise, or with their columns reversed. */
  private static NetHarness.Images moved(NetHarness.Images images, boolean turned) {
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
    return new NetHarness.Images(moved, images.count(), side, side, channels);
  }
}
