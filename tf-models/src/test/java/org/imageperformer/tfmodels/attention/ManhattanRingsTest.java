package org.imageperformer.tfmodels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.graph.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Ring sums against the definition, pixel by pixel. */
class ManhattanRingsTest {

  private static final int BATCH = 2;
  private static final int HEADS = 3;
  private static final int FEATURES = 2;

  @ParameterizedTest
  @CsvSource({"5,7,1", "5,7,3", "5,7,20", "7,5,4", "1,6,3", "6,1,9"})
  void agreeWithTheDefinition(int height, int width, int distance) {
    int pixels = height * width;
    float[] v = KernelHarness.normal(BATCH * HEADS * pixels * FEATURES, 1, 1);
    for (ClassTokenPosition position : ClassTokenPosition.values()) {
      ManhattanRings rings = new ManhattanRings(height, width, distance, position);
      assertThat(rings.rings()).isEqualTo(Math.min(distance, height + width));
      float[][] around = new float[rings.rings()][];
      for (int r = 0; r < around.length; r++) {
        around[r] = KernelHarness.run(new Weights(), 0, ring(rings, r, v, pixels));
      }
      float[] aroundToken =
          KernelHarness.run(
              new Weights(),
              0,
              pass ->
                  rings
                      .aroundClassToken(
                          pass,
                          pass.constant(
                              KernelHarness.constant(pass, v, BATCH, HEADS, pixels, FEATURES)))
                      .operand());
      float[] counts = KernelHarness.run(new Weights(), 0, pass -> rings.pixelCounts(pass.tf()));
      float[] tokenCounts =
          KernelHarness.run(new Weights(), 0, pass -> rings.classTokenCounts(pass.tf()));
      for (int r = 0; r < rings.rings(); r++) {
        for (int i = 0; i < pixels; i++) {
          assertThat(counts[i * rings.rings() + r])
              .isEqualTo(count(r, i / width, i % width, height, width));
          for (int batchHead = 0; batchHead < BATCH * HEADS; batchHead++) {
            for (int f = 0; f < FEATURES; f++) {
              assertThat(around[r][(batchHead * pixels + i) * FEATURES + f])
                  .isCloseTo(
                      sum(v, batchHead, f, r, i / width, i % width, height, width), within(1e-5f));
            }
          }
        }
        boolean placed = position == ClassTokenPosition.CORNER;
        assertThat(tokenCounts[r]).isEqualTo(placed ? count(r, height, 0, height, width) : 0);
        for (int batchHead = 0; batchHead < BATCH * HEADS; batchHead++) {
          for (int f = 0; f < FEATURES; f++) {
            assertThat(aroundToken[(batchHead * rings.rings() + r) * FEATURES + f])
                .isCloseTo(
                    placed ? sum(v, batchHead, f, r, height, 0, height, width) : 0, within(1e-5f));
          }
        }
      }
    }
  }

  /** The sums S_r around all pixels: those weighted with 1 for r and 0 for the other rings. */
  private static Function<Pass, Operand<TFloat32>> ring(
      ManhattanRings rings, int r, float[] v, int pixels) {
    float[] weights = new float[BATCH * HEADS * pixels * rings.rings()];
    for (int i = r; i < weights.length; i += rings.rings()) {
      weights[i] = 1;
    }
    return pass ->
        rings
            .weightedSum(
                pass,
                pass.constant(
                    KernelHarness.constant(pass, weights, BATCH, HEADS, pixels, rings.rings())),
                pass.constant(KernelHarness.constant(pass, v, BATCH, HEADS, pixels, FEATURES)))
            .operand();
  }

  /** Values and gradients of both ways against the definition, pixel by pixel. */
  @ParameterizedTest
  @CsvSource({"5,7,1", "5,7,2", "5,7,3", "5,7,12", "7,5,4", "1,6,3", "6,1,7", "9,9,18"})
  void weightedSumsAgreeWithTheDefinition(int height, int width, int distance) {
    ManhattanRings rings = new ManhattanRings(height, width, distance, ClassTokenPosition.NONE);
    int pixels = height * width;
    float[] w = KernelHarness.normal(BATCH * HEADS * pixels * distance, 1, 2);
    float[] v = KernelHarness.normal(BATCH * HEADS * pixels * FEATURES, 1, 3);
    float[] dOut = KernelHarness.normal(v.length, 1, 4);
    double[] out = new double[v.length];
    double[] dw = new double[w.length];
    double[] dv = new double[v.length];
    for (int batchHead = 0; batchHead < BATCH * HEADS; batchHead++) {
      for (int i = 0; i < pixels; i++) {
        for (int j = 0; j < pixels; j++) {
          int r = Math.abs(i / width - j / width) + Math.abs(i % width - j % width);
          for (int f = 0; r < distance && f < FEATURES; f++) {
            int weight = (batchHead * pixels + i) * distance + r;
            int centre = (batchHead * pixels + i) * FEATURES + f;
            int other = (batchHead * pixels + j) * FEATURES + f;
            out[centre] += (double) w[weight] * v[other];
            dw[weight] += (double) dOut[centre] * v[other];
            dv[other] += (double) dOut[centre] * w[weight];
          }
        }
      }
    }
    for (Kernels kernels : Kernels.values()) {
      List<float[]> found =
          KernelHarness.differentiate(
              kernels,
              List.of(w, v),
              List.of(
                  new long[] {BATCH, HEADS, pixels, distance},
                  new long[] {BATCH, HEADS, pixels, FEATURES}),
              dOut,
              (pass, in) -> rings.weightedSum(pass, in.get(0), in.get(1)));
      assertClose(found.get(0), out);
      assertClose(found.get(1), dw);
      assertClose(found.get(2), dv);
    }
  }

  private static void assertClose(float[] found, double[] expected) {
    float[] rounded = new float[expected.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) expected[i];
    }
    assertThat(found).containsExactly(rounded, within(1e-4f));
  }

  private static float sum(
      float[] v, int batchHead, int feature, int r, int row, int column, int height, int width) {
    float sum = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (Math.abs(y - row) + Math.abs(x - column) == r) {
          sum += v[((batchHead * height + y) * width + x) * FEATURES + feature];
        }
      }
    }
    return sum;
  }

  private static float count(int r, int row, int column, int height, int width) {
    int count = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (Math.abs(y - row) + Math.abs(x - column) == r) {
          count++;
        }
      }
    }
    return count;
  }
}
