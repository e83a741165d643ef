package org.imageperformer.tfmodels.kernels;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** The exact GELU, x times the standard normal distribution function of x. */
final class Gelu {

  private Gelu() {}

  /** Written as TensorFlow's graph optimizer expects it, which makes it one kernel in inference. */
  static <T extends TNumber> Operand<T> of(Ops tf, Operand<T> x) {
    Operand<T> erf = tf.math.erf(tf.math.mul(x, constant(tf, Math.sqrt(0.5), x)));
    Operand<T> sum = Arithmetic.add(tf, erf, constant(tf, 1, x));
    return tf.math.mul(tf.math.mul(sum, constant(tf, 0.5, x)), x);
  }

  private static <T extends TNumber> Operand<T> constant(Ops tf, double value, Operand<T> like) {
    return tf.dtypes.cast(tf.constant((float) value), like.type());
  }

  /** The derivative, Phi(x) + x phi(x) with the standard normal distribution. */
  static Operand<TFloat32> slope(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> distribution =
        tf.math.mul(
            tf.constant(0.5f),
            tf.math.add(
                tf.constant(1f), tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))))));
    Operand<TFloat32> density =
        tf.math.mul(
            tf.math.exp(tf.math.mul(tf.math.square(x), tf.constant(-0.5f))),
            tf.constant((float) (1 / Math.sqrt(2 * Math.PI))));
    return tf.math.add(distribution, tf.math.mul(x, density));
  }
}
