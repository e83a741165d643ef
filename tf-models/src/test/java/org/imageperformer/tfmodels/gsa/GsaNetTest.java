package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GsaNetTest {

  @ParameterizedTest
  @CsvSource({
    "Z2, 44368, 3001648, 206926",
    "P4, 44428, 3002128, 207034",
    "P8, 44508, 3002768, 207178",
    "P16, 44668, 3004048, 207466",
    "MZ2, 44388, 3001808, 206962",
    "P4M, 44508, 3002768, 207178"
  })
  void hasThePublishedNumberOfParameters(Group group, long rotMnist, long cifar10, long pCam) {
    assertThat(parameters(Networks.rotMnist(group), 28, 1, 10)).isEqualTo(rotMnist);
    assertThat(parameters(Networks.cifar10(group), 32, 3, 10)).isEqualTo(cifar10);
    assertThat(parameters(Networks.pCam(group), 96, 3, 2)).isEqualTo(pCam);
  }

  private static long parameters(Architecture net, int side, int channels, int classes) {
    Weights weights = new Weights();
    new GsaNet(weights, net, side, side, channels, classes);
    return weights.parameters();
  }

  @Test
  void computesTheFormulaOnImagesThatAreNotSquare() {
    for (Group group : List.of(Group.P4, Group.MZ2)) {
      Architecture net =
          Networks.small(
              group, GroupEncoding.RELATIVE, AttentionType.LOCAL, NormType.LAYER_NORM, 0);
      NetHarness.Images images = Networks.images(2, 7, 11, 3, 4);
      Map<String, float[]> values = Networks.values(net, images, 5, 0.2, 5);
      float[] found =
          NetHarness.logits(NetHarness.Net.of(net, images, 5), PassOptions.PLAIN, values, images);
      double[][] expected =
          new ReferenceNetwork(net, values, /* training= */ false)
              .logits(images.values(), 2, 7, 11, 3);
      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i])
            .isCloseTo(expected[i / 5][i % 5], within(1e-4 * Math.max(1, Math.abs(found[i]))));
      }
    }
  }

  /** A blank image has no variance; alone in its batch, it has none for BatchNorm either. */
  @ParameterizedTest
  @EnumSource(NormType.class)
  void staysFiniteOnABlankImage(NormType norm) {
    Architecture net =
        Networks.small(Group.P4, GroupEncoding.RELATIVE, AttentionType.LOCAL, norm, 0.2);
    float[] pixels = new float[8 * 8];
    Arrays.fill(pixels, 0.3f);
    NetHarness.Images images = new NetHarness.Images(pixels, 1, 8, 8, 1);
    Map<String, float[]> values = Networks.values(net, images, 5, 0, 5);
    NetHarness.Net model = NetHarness.Net.of(net, images, 5);
    NetHarness.Outcome found =
        NetHarness.train(model, PassOptions.PLAIN, values, images, new int[] {3});
    assertFinite("logits", found.logits());
    assertThat(found.loss()).isFinite();
    found.gradients().forEach(GsaNetTest::assertFinite);
    found.updates().forEach(GsaNetTest::assertFinite);
    assertFinite("logits", NetHarness.logits(model, PassOptions.PLAIN, values, images));
  }

  private static void assertFinite(String what, float[] values) {
    for (float value : values) {
      assertThat(value).as(what).isFinite();
    }
  }

  /** Deviations within five standard errors of gsa.md section 5, over all weights of a name. */
  @Test
  void startsWithWhitenedValues() {
    Weights weights = new Weights();
    Architecture net = Networks.cifar10(Group.P4M);
    new GsaNet(weights, net, 32, 32, 3, 10);
    Map<String, float[]> values = weights.initialValues(11);
    int kernels = 0;
    for (Weight weight : weights.all()) {
      float[] found = values.get(weight.name());
      if (weight.name().endsWith("/kernel")) {
        assertNormal(weight, found, net.whiteningScale() / Math.sqrt((double) weight.shape()[0]));
        kernels++;
      } else if (weight.name().endsWith("/group_embedding")) {
        assertNormal(weight, found, 1);
      } else {
        boolean scale = weight.name().endsWith("/scale");
        assertThat(found).as(weight.name()).containsOnly(scale ? 1 : 0);
      }
    }
    assertThat(kernels).isGreaterThan(50);
  }

  private static void assertNormal(Weight weight, float[] values, double deviation) {
    double n = values.length;
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum() / n;
    double square =
        IntStream.range(0, values.length).mapToDouble(i -> values[i] * values[i]).sum() / n;
    assertThat(mean).as(weight.name()).isCloseTo(0, within(5 * deviation / Math.sqrt(n)));
    assertThat(Math.sqrt(square) / deviation)
        .as(weight.name())
        .isCloseTo(1, within(5 / Math.sqrt(2 * n)));
  }

  @Test
  void refusesImagesThatAreTooSmall() {
    assertThatThrownBy(() -> parameters(Networks.rotMnist(Group.P4), 12, 1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "images of 12x12 are too small for the network: block 0 of stage 1 cuts their last"
                + " pixels; take larger images, a smaller crop_per_layer or fewer stages");
    assertThatThrownBy(() -> parameters(Networks.pCam(Group.P4), 7, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7x7 are too small");
  }

  @Test
  void globalAttentionNeedsSquares() {
    Architecture net =
        Networks.small(
            Group.P4, GroupEncoding.RELATIVE, AttentionType.GLOBAL, NormType.LAYER_NORM, 0);
    assertThatThrownBy(() -> new GsaNet(new Weights(), net, 8, 9, 1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("global attention needs square images, not 8x9");
  }

  @Test
  void namesEveryProblemOfAnArchitecture() {
    assertThatThrownBy(
            () ->
                new Architecture(
                    Group.P4,
                    GroupEncoding.RELATIVE,
                    AttentionType.LOCAL,
                    4,
                    NormType.LAYER_NORM,
                    Activation.SWISH,
                    10,
                    0,
                    List.of(1, 1),
                    List.of(1),
                    List.of(0),
                    false,
                    false,
                    1,
                    0,
                    0,
                    0,
                    0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("patch_size is 4, must be odd and at least 3")
        .hasMessageContaining("num_channels is 10, half of it must be even")
        .hasMessageContaining("num_heads is 0, must be at least 1")
        .hasMessageContaining("expansion_per_block has 1 numbers for the 2 stages")
        .hasMessageContaining("crop_per_layer has 1 numbers for the 2 blocks")
        .hasMessageContaining("dropout_att is 1.0, must be in [0, 1)")
        .hasMessageContaining("whitening_scale is 0.0, must be positive");
  }

  @Test
  void z2CnnTakesImagesOfItsSizeAlone() {
    Weights weights = new Weights();
    new Z2Cnn(weights, 28, 28, 1, 10, /* dropout= */ true);
    assertThat(weights.parameters()).isEqualTo(21_620);
    assertThatThrownBy(() -> new Z2Cnn(new Weights(), 32, 32, 1, 10, /* dropout= */ true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("z2cnn takes images of 28x28, not 32x32");
  }
}
