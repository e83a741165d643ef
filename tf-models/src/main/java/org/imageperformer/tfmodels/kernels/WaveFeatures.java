package org.imageperformer.tfmodels.kernels;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The features phi of the pixels' attention, positive, [b, H, L, 2P]: {@code elu(x) + 1} of the
 * first 2P components, or random features (models.md section 3) with constants for maxima: one for
 * each query, and one for each image and head over all keys. Their factor {@code m^(-1/2)} is left
 * out: it cancels but for the 1e-6 of the denominator, which is multiplied by m instead.
 */
final class WaveFeatures {
  private static final float DENOMINATOR = 1e-6f;

  private final Pass pass;
  private final Optional<Weight> projection;
  private final long count;

  WaveFeatures(Pass pass, WaveParameters of) {
    this.pass = pass;
    this.projection = of.projection();
    this.count = 2L * of.pairs();
  }

  /** What is added to the denominators. */
  float epsilon() {
    return projection.isPresent() ? DENOMINATOR * count : DENOMINATOR;
  }

  /** w^(-1/4) P, [2P, h]. */
  Operand<TFloat32> projection() {
    Weight p = projection.orElseThrow();
    return pass.tf()
        .math
        .mul(pass.read(p), pass.tf().constant((float) Math.pow((double) p.shape()[1], -0.25)));
  }

  /**
   * Adds the features of queries or keys.
   *
   * @param x [b, H, L, h]
   * @return [b, H, L, 2P]
   */
  Operand<TFloat32> apply(Operand<TFloat32> x, boolean ofQueries) {
    Ops tf = pass.tf();
    if (projection.isEmpty()) {
      return tf.math.add(tf.nn.elu(first(x)), tf.constant(1f));
    }
    Operand<TFloat32> exponent = Products.withRows(tf, x, projection());
    return tf.math.add(
        tf.math.exp(tf.math.sub(exponent, shift(x, exponent, ofQueries))),
        tf.constant(RandomFeatures.EPSILON));
  }

  /** The components of which elu is taken. */
  Operand<TFloat32> first(Operand<TFloat32> x) {
    long heads = x.shape().get(1);
    long tokens = x.shape().get(2);
    Ops tf = pass.tf();
    return x.shape().get(3) == count
        ? x
        : tf.slice(x, Dims.of(tf, 0, 0, 0, 0), Dims.of(tf, -1, heads, tokens, count));
  }

  /**
   * What is subtracted from the exponents of random features: half of |x|^2 / sqrt(w), and the
   * maximum, a constant.
   *
   * @param x [b, H, L, h]
   * @param exponent w^(-1/4) P x, [b, H, L, 2P]
   * @return [b, H, L, 1]
   */
  Operand<TFloat32> shift(Operand<TFloat32> x, Operand<TFloat32> exponent, boolean ofQueries) {
    Ops tf = pass.tf();
    double width = x.shape().get(3);
    Operand<TFloat32> halfSquare =
        tf.math.mul(
            tf.sum(tf.math.square(x), tf.constant(3), Sum.keepDims(true)),
            tf.constant((float) (0.5 / Math.sqrt(width))));
    int[] axes = ofQueries ? new int[] {3} : new int[] {2, 3};
    Operand<TFloat32> largest = tf.reduceMax(exponent, tf.constant(axes), ReduceMax.keepDims(true));
    return tf.math.add(halfSquare, tf.stopGradient(largest));
  }
}
