package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.kernels.Products;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/**
 * The exact kernel {@code K(q, k) = exp(q.k / sqrt(w))}: ordinary softmax attention, quadratic in
 * the number of tokens ({@code no_projection}).
 */
public final class SoftmaxKernel implements AttentionKernel {

  private final int width;

  /**
   * @param width w, of queries and keys
   */
  public SoftmaxKernel(int width) {
    this.width = width;
  }

  @Override
  public Value attend(Pass pass, Value q, Value k, Value v) {
    return pass.apply(q, k, v, (qs, ks, vs) -> attend(pass.tf(), qs, ks, vs));
  }

  private Operand<TFloat32> attend(
      Ops tf, Operand<TFloat32> q, Operand<TFloat32> k, Operand<TFloat32> v) {
    Operand<TFloat32> scores =
        tf.train.batchMatMul(scaled(tf, q), k, TFloat32.class, BatchMatMul.adjY(true));
    return tf.train.batchMatMul(tf.nn.softmax(scores), v, TFloat32.class); // [b, H, Q, h]
  }

  @Override
  public Value compare(Pass pass, Value q, Value table) {
    return pass.apply(q, table, (qs, keys) -> compare(pass.tf(), qs, keys));
  }

  private Operand<TFloat32> compare(Ops tf, Operand<TFloat32> q, Operand<TFloat32> table) {
    Operand<TFloat32> scores = Products.withRows(tf, scaled(tf, q), table); // [b, H, Q, keys]
    Operand<TFloat32> largest =
        tf.stopGradient(tf.reduceMax(scores, Dims.of(tf, -1), ReduceMax.keepDims(true)));
    return tf.math.exp(tf.math.sub(scores, largest));
  }

  private Operand<TFloat32> scaled(Ops tf, Operand<TFloat32> q) {
    return tf.math.mul(q, tf.constant((float) (1 / Math.sqrt(width))));
  }
}
