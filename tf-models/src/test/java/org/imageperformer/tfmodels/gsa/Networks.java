package org.imageperformer.tfmodels.gsa;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Weights;

/** Networks for tests. */
final class Networks {

  private Networks() {}

  static Architecture rotMnist(Group group) {
    return new Architecture(
        group,
        GroupEncoding.RELATIVE,
        AttentionType.LOCAL,
        5,
        NormType.LAYER_NORM,
        Activation.SWISH,
        20,
        9,
        List.of(2, 3),
        List.of(1, 1),
        List.of(2, 0, 2, 1, 1),
        false,
        false,
        0.1,
        0.1,
        0,
        0,
        1.41421356);
  }

  static Architecture cifar10(Group group) {
    return new Architecture(
        group,
        GroupEncoding.RELATIVE,
        AttentionType.LOCAL,
        5,
        NormType.LAYER_NORM,
        Activation.SWISH,
        96,
        9,
        List.of(2, 2, 2),
        List.of(1, 2, 1),
        Collections.nCopies(6, 0),
        true,
        false,
        0.1,
        0,
        0.2,
        0.3,
        1.41421356);
  }

  static Architecture pCam(Group group) {
    return new Architecture(
        group,
        GroupEncoding.RELATIVE,
        AttentionType.LOCAL,
        5,
        NormType.LAYER_NORM,
        Activation.SWISH,
        12,
        9,
        List.of(0, 1, 2, 1),
        List.of(1, 2, 2, 2),
        List.of(0, 2, 1, 1),
        true,
        true,
        0.1,
        0.1,
        0,
        0,
        1.41421356);
  }

  /** Two stages of a block each, 12 channels that become 24, a crop of 1, for images of 8x8. */
  static Architecture small(
      Group group,
      GroupEncoding encoding,
      AttentionType attention,
      NormType norm,
      double attentionDropout) {
    return new Architecture(
        group,
        encoding,
        attention,
        3,
        norm,
        Activation.SWISH,
        12,
        3,
        List.of(1, 1),
        List.of(1, 2),
        List.of(1, 0),
        true,
        false,
        attentionDropout,
        attentionDropout,
        0,
        0,
        1.41421356);
  }

  /**
   * Initial values of a network's weights, moved so that every weight matters.
   *
   * @param deviation of the move
   */
  static Map<String, float[]> values(
      Architecture net, NetHarness.Images images, int classes, double deviation, long seed) {
    Weights weights = new Weights();
    new GsaNet(weights, net, images.height(), images.width(), images.channels(), classes);
    Map<String, float[]> values = weights.initialValues(seed);
    RandomGenerator random = RandomStreams.stream(seed, "moved weights", 0);
    values.forEach(
        (name, value) -> {
          for (int i = 0; i < value.length; i++) {
            double move = deviation * random.nextGaussian();
            value[i] += (float) (name.endsWith("/variance") ? Math.abs(move) : move);
          }
        });
    return values;
  }

  /** Normal pixels. */
  static NetHarness.Images images(int count, int height, int width, int channels, long seed) {
    RandomGenerator random = RandomStreams.stream(seed, "test images", 0);
    float[] pixels = new float[count * height * width * channels];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return new NetHarness.Images(pixels, count, height, width, channels);
  }
}
