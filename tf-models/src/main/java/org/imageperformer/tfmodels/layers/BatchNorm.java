package org.imageperformer.tfmodels.layers;

import java.util.stream.IntStream;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.nn.FusedBatchNormGrad;
import org.tensorflow.types.TFloat32;

/**
 * {@code (x - mean) / sqrt(variance + eps) * scale + offset} per channel. In training mean and
 * variance are those of the batch, over everything but the channels, and move running averages,
 * {@code 0.9 average + 0.1 value}, the variance's by the unbiased value; in inference they are the
 * running averages.
 */
public final class BatchNorm {

  private static final float MOMENTUM = 0.1f;

  /** One way to compute the norm. */
  @FunctionalInterface
  private interface Form {
    Value apply(Pass pass, Value x);
  }

  private final Weight scale;
  private final Weight offset;
  private final Weight mean;
  private final Weight variance;
  private final float epsilon;

  /**
   * Creates {@code name/scale}, {@code name/offset} and the state {@code name/mean} and {@code
   * name/variance}, each [channels].
   */
  public BatchNorm(Weights weights, String name, int channels, float epsilon) {
    this.scale = weights.trained(name + "/scale", Initializer.constant(1), channels);
    this.offset = weights.trained(name + "/offset", Initializer.constant(0), channels);
    this.mean = weights.state(name + "/mean", Initializer.constant(0), channels);
    this.variance = weights.state(name + "/variance", Initializer.constant(1), channels);
    this.epsilon = epsilon;
  }

  /**
   * Adds the norm to the graph.
   *
   * @param x [batch, ..., channels], of at least three axes
   * @return the same shape
   */
  public Value apply(Pass pass, Value x) {
    return pass.<Form>choose(this::plain, this::fused).apply(pass, x);
  }

  private Value plain(Pass pass, Value x) {
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
    move(pass, seenMean, unbiased);
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

  /** Of each channel. */
  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(
        x, tf.constant(IntStream.range(0, x.shape().numDimensions() - 1).toArray()));
  }

  /** With TensorFlow's own kernel, which reads the maps twice rather than once an operation. */
  private Value fused(Pass pass, Value x) {
    Ops tf = pass.tf();
    Operand<TFloat32> maps = image(tf, x.operand(), x.shape());
    Operand<TFloat32> gamma = pass.read(scale);
    if (!pass.training()) {
      FusedBatchNorm<TFloat32, TFloat32> norm =
          tf.nn.fusedBatchNorm(
              maps,
              gamma,
              pass.read(offset),
              pass.read(mean),
              pass.read(variance),
              FusedBatchNorm.epsilon(epsilon),
              FusedBatchNorm.isTraining(false));
      return pass.record(like(tf, norm.y(), x), (dOutput, gradients) -> {});
    }
    Operand<TFloat32> none = tf.constant(new float[0]);
    FusedBatchNorm<TFloat32, TFloat32> norm =
        tf.nn.fusedBatchNorm(
            maps,
            gamma,
            pass.read(offset),
            none,
            none,
            FusedBatchNorm.epsilon(epsilon),
            FusedBatchNorm.exponentialAvgFactor(1f), // what it gives are the batch's own
            FusedBatchNorm.isTraining(true));
    move(pass, norm.batchMean(), norm.batchVariance());
    return pass.record(
        like(tf, norm.y(), x),
        (dOutput, gradients) -> {
          FusedBatchNormGrad<TFloat32, TFloat32> back =
              tf.nn.fusedBatchNormGrad(
                  image(tf, dOutput, x.shape()),
                  maps,
                  gamma,
                  norm.reserveSpace1(),
                  norm.reserveSpace2(),
                  norm.reserveSpace3(),
                  FusedBatchNormGrad.epsilon(epsilon),
                  FusedBatchNormGrad.isTraining(true));
          if (gradients.wants(x)) {
            gradients.add(x, like(tf, back.xBackprop(), x));
          }
          gradients.add(scale, back.scaleBackprop());
          gradients.add(offset, back.offsetBackprop());
        });
  }

  /** [batch, rows, ..., channels] as [batch, rows, columns, channels]. */
  private static Operand<TFloat32> image(Ops tf, Operand<TFloat32> x, Shape known) {
    long[] shape = known.asArray();
    if (shape.length == 4) {
      return x;
    }
    long columns = 1;
    for (int axis = 2; axis < shape.length - 1; axis++) {
      columns *= shape[axis];
    }
    return tf.reshape(x, Dims.of(tf, -1, shape[1], columns, shape[shape.length - 1]));
  }

  private static Operand<TFloat32> like(Ops tf, Operand<TFloat32> image, Value x) {
    return x.shape().numDimensions() == 4
        ? image
        : tf.reshape(image, Dims.of(tf, x.shape().asArray()));
  }

  /** The running averages by those of the batch, the variance unbiased. */
  private void move(Pass pass, Operand<TFloat32> batchMean, Operand<TFloat32> batchVariance) {
    pass.update(mean, moved(pass, mean, batchMean));
    pass.update(variance, moved(pass, variance, batchVariance));
  }

  private static Operand<TFloat32> moved(Pass pass, Weight average, Operand<TFloat32> value) {
    Ops tf = pass.tf();
    Operand<TFloat32> before = pass.read(average);
    return tf.math.add(before, tf.math.mul(tf.math.sub(value, before), tf.constant(MOMENTUM)));
  }
}
