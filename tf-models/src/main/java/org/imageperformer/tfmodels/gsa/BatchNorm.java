package org.imageperformer.tfmodels.gsa;

import java.util.stream.IntStream;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * {@code (x - mean) / sqrt(variance + eps) * scale + offset} per channel. In training mean and
 * variance are those of the batch, over everything but the channels, and move running averages,
 * {@code 0.9 average + 0.1 value}, the variance's by the unbiased value; in inference they are the
 * running averages.
 */
final class BatchNorm implements Norm {

  private static final float MOMENTUM = 0.1f;

  private final Weight scale;
  private final Weight offset;
  private final Weight mean;
  private final Weight variance;
  private final float epsilon;

  /**
   * Creates {@code name/scale}, {@code name/offset} and the state {@code name/mean} and {@code
   * name/variance}, each [channels].
   */
  BatchNorm(Weights weights, String name, int channels, float epsilon) {
    this.scale = weights.trained(name + "/scale", Initializer.constant(1), channels);
    this.offset = weights.trained(name + "/offset", Initializer.constant(0), channels);
    this.mean = weights.state(name + "/mean", Initializer.constant(0), channels);
    this.variance = weights.state(name + "/variance", Initializer.constant(1), channels);
    this.epsilon = epsilon;
  }

  /**
   * Adds the norm to the graph.
   *
   * @param x [..., channels]
   * @return the same shape
   */
  @Override
  public Value apply(Pass pass, Value x) {
    Ops tf = pass.tf();
    if (!pass.training()) {
      return pass.apply(
          x, maps -> affine(pass, tf.math.sub(maps, pass.read(mean)), pass.read(variance)));
    }
    Operand<TFloat32> seen = tf.stopGradient(x.operand());
    Operand<TFloat32> seenMean = mean(tf, seen);
    Operand<TFloat32> seenVariance = mean(tf, tf.math.squaredDifference(seen, seenMean));
    Operand<TFloat32> count =
        tf.math.div(
            tf.dtypes.cast(tf.size(seen), TFloat32.class), tf.constant((float) scale.size()));
    Operand<TFloat32> unbiased =
        tf.math.mul(
            seenVariance,
            tf.math.div(
                count,
                tf.math.maximum(
                    tf.math.sub(count, tf.constant(1f)), tf.constant(1f)))); // n / (n - 1)
    pass.update(mean, moved(pass, mean, seenMean));
    pass.update(variance, moved(pass, variance, unbiased));
    return pass.apply(
        x,
        maps -> {
          Operand<TFloat32> centered = tf.math.sub(maps, mean(tf, maps));
          return affine(pass, centered, mean(tf, tf.math.square(centered)));
        });
  }

  private Operand<TFloat32> affine(
      Pass pass, Operand<TFloat32> centered, Operand<TFloat32> spread) {
    Ops tf = pass.tf();
    Operand<TFloat32> inverse = tf.math.rsqrt(tf.math.add(spread, tf.constant(epsilon)));
    return tf.math.add(
        tf.math.mul(centered, tf.math.mul(inverse, pass.read(scale))), pass.read(offset));
  }

  private static Operand<TFloat32> moved(Pass pass, Weight average, Operand<TFloat32> value) {
    Ops tf = pass.tf();
    Operand<TFloat32> before = pass.read(average);
    return tf.math.add(before, tf.math.mul(tf.math.sub(value, before), tf.constant(MOMENTUM)));
  }

  /** Of each channel. */
  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(
        x, tf.constant(IntStream.range(0, x.shape().numDimensions() - 1).toArray()));
  }
}
