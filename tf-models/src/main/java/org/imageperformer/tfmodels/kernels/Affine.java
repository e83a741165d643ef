package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * The weights of {@code x W + b}.
 *
 * @param kernel W, [in, out]
 * @param bias b, [out]
 */
public record Affine(Weight kernel, Weight bias) {

  /** [batch, tokens, in] to [batch * tokens, in]. */
  <T extends TNumber> Operand<T> rows(Ops tf, Operand<T> x) {
    return tf.reshape(x, Dims.of(tf, -1, kernel.shape()[0]));
  }

  /** [batch * tokens, out] to [batch, tokens, out], with the tokens of {@code like}. */
  Operand<TFloat32> tokens(Ops tf, Operand<? extends TNumber> rows, Operand<TFloat32> like) {
    return Products.reshaped(tf, rows, -1, like.shape().get(1), bias.size());
  }
}
