package org.imageperformer.tfmodels.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class DropoutMaskTest {

  private static final int ROWS = 300;
  private static final int COLUMNS = 400;
  private static final double RATE = 0.25;

  /** Each entry is dropped on its own: rows, columns and neighbours do not know each other. */
  @Test
  void factorsOfAMatrixAreIndependent() {
    float[] factors = factors(7, 11);
    double dropped = 0;
    double pairs = 0; // in a row
    double columns = 0; // one below the other
    for (int i = 0; i < factors.length; i++) {
      boolean zero = factors[i] == 0;
      assertThat(factors[i]).isIn(0f, (float) (1 / (1 - RATE)));
      dropped += zero ? 1 : 0;
      pairs += zero && factors[(i + 1) % factors.length] == 0 ? 1 : 0;
      columns += zero && factors[(i + COLUMNS) % factors.length] == 0 ? 1 : 0;
    }
    double deviation = Math.sqrt(RATE / factors.length);
    assertThat(dropped / factors.length).isCloseTo(RATE, within(4 * deviation));
    assertThat(pairs / factors.length).isCloseTo(RATE * RATE, within(4 * deviation));
    assertThat(columns / factors.length).isCloseTo(RATE * RATE, within(4 * deviation));
  }

  @Test
  void otherKeysGiveOtherFactors() {
    float[] one = factors(7, 11);
    for (float[] other : new float[][] {factors(8, 11), factors(7, 12)}) {
      double both = 0;
      for (int i = 0; i < one.length; i++) {
        both += one[i] == 0 && other[i] == 0 ? 1 : 0;
      }
      assertThat(both / one.length).isCloseTo(RATE * RATE, within(0.005));
    }
    assertThat(factors(7, 11)).isEqualTo(one);
  }

  /** A value's place among all decides, whatever their shape. */
  @Test
  void theShapeDoesNotMatter() {
    int count = 2 * 3 * 5;
    float[] flat = masked(count);

    assertThat(flat).contains(0f).contains((float) (1 / (1 - RATE)));
    assertThat(masked(2, 3, 5)).isEqualTo(flat);
    assertThat(masked(6, 5)).isEqualTo(flat);
    assertThat(masked(count, 1)).isEqualTo(flat);
  }

  private static float[] masked(long... shape) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> masked =
          new DropoutMask("test", RATE)
              .apply(
                  tf, tf.ones(tf.constant(shape), TFloat32.class), tf.constant(new int[] {7, 11}));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(masked).run()) {
        TFloat32 values = (TFloat32) result.get(0);
        float[] found = new float[(int) values.size()];
        values.copyTo(DataBuffers.of(found));
        return found;
      }
    }
  }

  private static float[] factors(int first, int second) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TInt32> rows =
          tf.expandDims(
              tf.range(tf.constant(0), tf.constant(ROWS), tf.constant(1)), tf.constant(1));
      Operand<TFloat32> factors =
          new DropoutMask("test", RATE)
              .factors(
                  tf,
                  rows,
                  tf.range(tf.constant(0), tf.constant(COLUMNS), tf.constant(1)),
                  tf.constant(new int[] {first, second}));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(factors).run()) {
        float[] values = new float[ROWS * COLUMNS];
        ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values));
        return values;
      }
    }
  }
}
