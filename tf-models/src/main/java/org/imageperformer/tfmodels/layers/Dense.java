package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions.Precision;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * Affine map of the last axis, {@code x W + b}. Kernel and bias start uniform in +-1/sqrt(in)
 * (models.md section 5).
 */
public final class Dense {

  private final Weight kernel;
  private final Weight bias;
  private final int in;
  private final int out;

  /** Creates {@code name/kernel} [in, out] and {@code name/bias} [out]. */
  public Dense(Weights weights, String name, int in, int out) {
    this.in = in;
    this.out = out;
    this.kernel = weights.trained(name + "/kernel", Initializer.uniform(in), in, out);
    this.bias = weights.trained(name + "/bias", Initializer.uniform(in), out);
  }

  /** [in, out]. */
  public Weight kernel() {
    return kernel;
  }

  /** [out]. */
  public Weight bias() {
    return bias;
  }

  /**
   * Adds the map to the graph.
   *
   * @param x [batch, tokens, in]
   * @return [batch, tokens, out]
   */
  public Operand<TFloat32> apply(Pass pass, Operand<TFloat32> x) {
    Ops tf = pass.tf();
    long tokens = x.shape().get(1);
    Operand<TFloat32> rows = tf.reshape(x, Dims.of(tf, -1, in)); // [batch * tokens, in]
    Operand<TFloat32> product =
        matMul(tf, rows, pass.read(kernel), pass.options().precision()); // [batch * tokens, out]
    return tf.reshape(tf.nn.biasAdd(product, pass.read(bias)), Dims.of(tf, -1, tokens, out));
  }

  private static Operand<TFloat32> matMul(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, Precision precision) {
    return switch (precision) {
      case FP32 -> tf.linalg.matMul(a, b);
      case BF16 ->
          tf.dtypes.cast(
              tf.linalg.matMul(
                  tf.dtypes.cast(a, TBfloat16.class), tf.dtypes.cast(b, TBfloat16.class)),
              TFloat32.class);
    };
  }
}
