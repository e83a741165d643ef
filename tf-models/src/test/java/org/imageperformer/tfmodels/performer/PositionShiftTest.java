package org.imageperformer.tfmodels.performer;

import static org.assertj.core.api.Assertions.assertThat;

import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelHarness;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the models make of shifted positions and shifted pictures. */
class PositionShiftTest {

  @Test
  void relativePerformerIgnoresCommonShiftsWithTheExactKernel() {
    try (ModelHarness model =
        harness(Specs.exact(Specs.tiny(PerformerFamily.RELATIVE_PERFORMER)))) {
      float[] images = model.randomImages(3, 1);
      float[][] here = model.logits(images);
      for (float[] shift : new float[][] {{1, 0}, {0, 1}, {-4, 7}, {32, -32}}) {
        float[][] there = model.logits(images, shift[0], shift[1]);
        for (int image = 0; image < here.length; image++) {
          assertThat(ModelHarness.largestDifference(there[image], here[image])).isLessThan(1e-4f);
        }
      }
    }
  }

  @Test
  void performerDoesNot() {
    try (ModelHarness model = harness(Specs.exact(Specs.tiny(PerformerFamily.PERFORMER)))) {
      float[] images = model.randomImages(1, 1);
      assertThat(
              ModelHarness.largestDifference(
                  model.logits(images, 0, 3)[0], model.logits(images)[0]))
          .isGreaterThan(1e-3f);
    }
  }

  /**
   * With no position for the class token, ClippedRelativePerformer sees distances only. In a model
   * of one block the class token alone asks, and to it all pixels are equally far: any permutation
   * of the pixels leaves the logits unchanged, so a moved object does.
   *
   * <p>In deeper models pixels ask too. Rings around a pixel near the border have fewer pixels than
   * elsewhere, so its state differs from that of an inner pixel. While object and border are
   * farther apart than the clipping distance reaches, the states near the border stay what they
   * are, those around the object move with it, and the class token still sees the same collection
   * of states. An object that comes nearer to the border changes its rings, and with them the
   * logits.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void clippedRelativePerformerIgnoresMovesAwayFromTheBorder(int depth) {
    int side = 15;
    ModelSpec tiny =
        Specs.clipping(
                Specs.tiny(PerformerFamily.CLIPPED_RELATIVE_PERFORMER), 3, ClassTokenPosition.NONE)
            .with(PerformerOptions.DEPTH, depth);
    try (ModelHarness model = harness(tiny.with(new ImageShape(side, side, 1)))) {
      float[] here = model.logits(object(side, 6, 6))[0];
      float inside =
          Math.max(
              ModelHarness.largestDifference(model.logits(object(side, 7, 5))[0], here),
              ModelHarness.largestDifference(model.logits(object(side, 5, 7))[0], here));
      assertThat(inside).isLessThan(1e-6f);
      float border = ModelHarness.largestDifference(model.logits(object(side, 0, 0))[0], here);
      if (depth == 1) {
        assertThat(border).isLessThan(1e-6f);
      } else {
        // One of 225 pixels' states among those that the class token averages: small, and clear.
        assertThat(border).isGreaterThan(10 * 1e-6f);
      }
    }
  }

  /** A picture of 3 x 2 pixels on an empty background. */
  private static float[] object(int side, int row, int column) {
    float[] pixels = new float[side * side];
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 2; x++) {
        pixels[(row + y) * side + column + x] = 2f + y - 3 * x;
      }
    }
    return pixels;
  }

  /** With weights away from their initial values: rpe starts at 0, where all distances are one. */
  private static ModelHarness harness(ModelSpec config) {
    ModelHarness model = new ModelHarness(config, PassOptions.PLAIN, 3);
    var values = model.values();
    values.forEach(
        (name, value) -> {
          for (int i = 0; i < value.length; i++) {
            if (name.endsWith("/rpe")) {
              value[i] = (float) (3 * Math.sin(i));
            } else if (name.endsWith("/query/kernel")) {
              value[i] *= 4;
            }
          }
        });
    model.assign(values);
    return model;
  }
}
