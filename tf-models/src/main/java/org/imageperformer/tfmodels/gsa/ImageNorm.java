package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * {@code (x - mean) / sqrt(variance + 1e-12) * scale + offset} with mean and variance over all of
 * an image's channels, group elements and pixels, scale and offset per channel.
 */
final class ImageNorm implements Norm {

  /** Added to the variance. */
  static final float EPSILON = 1e-12f;

  private final Weight scale;
  private final Weight offset;

  /** Creates {@code name/scale} and {@code name/offset}, each [channels]. */
  ImageNorm(Weights weights, String name, int channels) {
    this.scale = weights.trained(name + "/scale", Initializer.constant(1), channels);
    this.offset = weights.trained(name + "/offset", Initializer.constant(0), channels);
  }

  @Override
  public Value apply(Pass pass, Value x) {
    return pass.apply(x, maps -> normalize(pass, maps));
  }

  private Operand<TFloat32> normalize(Pass pass, Operand<TFloat32> x) {
    Ops tf = pass.tf();
    Operand<TFloat32> centered = tf.math.sub(x, mean(tf, x));
    Operand<TFloat32> inverse =
        tf.math.rsqrt(
            tf.math.add(mean(tf, tf.math.square(centered)), tf.constant(EPSILON))); // [b, 1, ...]
    return tf.math.add(
        tf.math.mul(tf.math.mul(centered, inverse), pass.read(scale)), pass.read(offset));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(new int[] {1, 2, 3, 4}), Mean.keepDims(true));
  }
}
