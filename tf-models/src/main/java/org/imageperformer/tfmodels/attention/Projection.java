package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/** Products of every head's tokens with the rows of one matrix. */
final class Projection {

  private Projection() {}

  /**
   * Adds {@code x rows^T} as one two-dimensional product.
   *
   * @param x [b, H, tokens, w]
   * @param rows [n, w]
   * @return [b, H, tokens, n]
   */
  static Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> rows) {
    long heads = x.shape().get(1);
    long tokens = x.shape().get(2);
    long width = x.shape().get(3);
    Operand<TFloat32> flat = tf.reshape(x, Dims.of(tf, -1, width));
    return tf.reshape(
        tf.linalg.matMul(flat, rows, MatMul.transposeB(true)),
        Dims.of(tf, -1, heads, tokens, rows.shape().get(0)));
  }
}
