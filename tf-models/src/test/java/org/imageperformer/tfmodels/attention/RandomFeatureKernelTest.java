package org.imageperformer.tfmodels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.encoding.PairRotation;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Random features against the exact kernel. */
class RandomFeatureKernelTest {

  private static final int BATCH = 2;
  private static final int HEADS = 3;
  private static final int TOKENS = 11;
  private static final int WIDTH = 5;
  private static final int VALUES = 7;
  private static final int SEEDS = 8;

  @Test
  void approachesSoftmaxAttentionAsFeaturesGrow() {
    float[] exact =
        KernelHarness.run(new Weights(), 0, pass -> attend(pass, new SoftmaxKernel(WIDTH)));
    double few = error(8, exact);
    double more = error(128, exact);
    double many = error(2048, exact);
    // The error of a mean over m features falls as 1 / sqrt(m): 16 times the features, a quarter.
    assertThat(more).isLessThan(0.5 * few);
    assertThat(many).isLessThan(0.5 * more).isLessThan(0.02);
  }

  private static double error(int features, float[] exact) {
    double sum = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Weights weights = new Weights();
      RandomFeatureKernel kernel =
          new RandomFeatureKernel(weights, "test", WIDTH, features, KeyStabilizer.EXAMPLE);
      sum +=
          KernelHarness.distance(
              KernelHarness.run(weights, seed, pass -> attend(pass, kernel)), exact);
    }
    return sum / SEEDS;
  }

  private static Operand<TFloat32> attend(Pass pass, AttentionKernel kernel) {
    return kernel
        .attend(
            pass,
            pass.constant(input(pass, WIDTH, 1)),
            pass.constant(input(pass, WIDTH, 2)),
            pass.constant(input(pass, VALUES, 3)))
        .operand();
  }

  private static Operand<TFloat32> input(Pass pass, int width, long seed) {
    return KernelHarness.constant(
        pass,
        KernelHarness.normal(BATCH * HEADS * TOKENS * width, 0.4, seed),
        BATCH,
        HEADS,
        TOKENS,
        width);
  }

  @Test
  void comparesQueriesWithATableAsWithKeys() {
    Weights weights = new Weights();
    RandomFeatureKernel kernel =
        new RandomFeatureKernel(weights, "test", WIDTH, 4096, KeyStabilizer.EXAMPLE);
    float[] table = KernelHarness.normal(13 * WIDTH, 0.4, 4);
    float[] found = KernelHarness.run(weights, 5, pass -> compare(pass, kernel, table));
    float[] exact =
        KernelHarness.run(new Weights(), 5, pass -> compare(pass, new SoftmaxKernel(WIDTH), table));
    // Both are defined up to a factor per query: compare ratios to the first key.
    for (int row = 0; row < found.length; row += 13) {
      for (int key = 1; key < 13; key++) {
        assertThat(found[row + key] / found[row])
            .isCloseTo(
                exact[row + key] / exact[row], within(0.25f * exact[row + key] / exact[row]));
      }
    }
  }

  private static Operand<TFloat32> compare(Pass pass, AttentionKernel kernel, float[] table) {
    return kernel
        .compare(
            pass,
            pass.constant(input(pass, WIDTH, 1)),
            pass.constant(KernelHarness.constant(pass, table, 13, WIDTH)))
        .operand();
  }

  /**
   * Moving all positions by the same amount changes relative attention less and less as random
   * features grow, and with the exact kernel not at all.
   */
  @Test
  void forgetsCommonShiftsOfPositionsAsFeaturesGrow() {
    double few = changeByShift(16);
    double many = changeByShift(1024);
    assertThat(many).isLessThan(0.4 * few);
    float[] here = KernelHarness.run(positions(), 1, pass -> relative(pass, exact(), 0));
    float[] there = KernelHarness.run(positions(), 1, pass -> relative(pass, exact(), 9));
    assertThat(KernelHarness.distance(here, there)).isLessThan(1e-6);
  }

  private static final int POSITION_WIDTH = 4;

  private static double changeByShift(int features) {
    double sum = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Weights weights = positions();
      RandomFeatureKernel kernel =
          new RandomFeatureKernel(weights, "test", POSITION_WIDTH, features, KeyStabilizer.EXAMPLE);
      sum +=
          KernelHarness.distance(
              KernelHarness.run(weights, seed, pass -> relative(pass, kernel, 0)),
              KernelHarness.run(weights, seed, pass -> relative(pass, kernel, 9)));
    }
    return sum / SEEDS;
  }

  private static AttentionKernel exact() {
    return new SoftmaxKernel(POSITION_WIDTH);
  }

  private static Weights positions() {
    Weights weights = new Weights();
    new LearnableSinusoid(weights, "positions", POSITION_WIDTH, 64);
    new PairRotation(weights, "rotation", 1, POSITION_WIDTH / 2);
    return weights;
  }

  /** Attention by positions alone, of tokens in a row that begins at {@code shift}. */
  private static Operand<TFloat32> relative(Pass pass, AttentionKernel kernel, int shift) {
    Ops tf = pass.tf();
    float[] coordinates = new float[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      coordinates[i] = i + shift;
    }
    Weights weights = new Weights();
    LearnableSinusoid sinusoid = new LearnableSinusoid(weights, "positions", POSITION_WIDTH, 64);
    PairRotation rotation = new PairRotation(weights, "rotation", 1, POSITION_WIDTH / 2);
    Value encoding =
        sinusoid.encode(pass, pass.constant(KernelHarness.constant(pass, coordinates, TOKENS, 1)));
    Value q = // [1, 1, tokens, width]
        pass.apply(rotation.apply(pass, encoding), x -> tf.expandDims(x, tf.constant(0)));
    Value k =
        pass.apply(encoding, x -> tf.expandDims(tf.expandDims(x, tf.constant(0)), tf.constant(0)));
    Operand<TFloat32> v =
        KernelHarness.constant(
            pass, KernelHarness.normal(TOKENS * VALUES, 1, 3), 1, 1, TOKENS, VALUES);
    return kernel.attend(pass, q, k, pass.constant(v)).operand();
  }

  @Test
  void projectionsHaveOrthogonalRowsOfNormalLength() {
    Weights weights = new Weights();
    Weight projection =
        new RandomFeatureKernel(weights, "test", WIDTH, 13, KeyStabilizer.EXAMPLE).projection();
    double squares = 0;
    for (int seed = 0; seed < 200; seed++) {
      float[] values = weights.initialValues(seed).get(projection.name());
      for (int a = 0; a < 13; a++) {
        squares += dot(values, a, a);
        for (int b = a + 1; b < 13 && b / WIDTH == a / WIDTH; b++) {
          assertThat(dot(values, a, b))
              .isCloseTo(0, within(1e-5 * Math.sqrt(dot(values, a, a) * dot(values, b, b))));
        }
      }
    }
    // The squared norm of a standard normal vector has mean w and variance 2 w.
    assertThat(squares / (200 * 13)).isCloseTo(WIDTH, within(0.3));
  }

  private static double dot(float[] rows, int a, int b) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      sum += (double) rows[a * WIDTH + i] * rows[b * WIDTH + i];
    }
    return sum;
  }
}
