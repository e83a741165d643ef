package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Dims;
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
 * Normalisation over the features of a token, {@code (x - mean) / sqrt(variance + 1e-5) * scale +
 * offset} (models.md section 2).
 */
public final class LayerNorm {

  /** Added to the variance. */
  public static final float EPSILON = 1e-5f;

  private final Weight scale;
  private final Weight offset;

  /** Creates {@code name/scale} and {@code name/offset}, each [dim]. */
  public LayerNorm(Weights weights, String name, int dim) {
    this.scale = weights.trained(name + "/scale", Initializer.constant(1), dim);
    this.offset = weights.trained(name + "/offset", Initializer.constant(0), dim);
  }

  /** [dim]. */
  public Weight scale() {
    return scale;
  }

  /** [dim]. */
  public Weight offset() {
    return offset;
  }

  /**
   * Adds the normalisation to the graph.
   *
   * @param x [batch, tokens, dim]
   * @return the same shape
   */
  public Value apply(Pass pass, Value x) {
    return pass.fast() && pass.training()
        ? CompiledLayerNorm.apply(pass, x, scale, offset)
        : pass.apply(x, tokens -> normalize(pass, tokens));
  }

  /** Written as TensorFlow's graph optimizer expects it, which makes it one kernel in inference. */
  private Operand<TFloat32> normalize(Pass pass, Operand<TFloat32> x) {
    Ops tf = pass.tf();
    Operand<TFloat32> centered = tf.math.sub(x, mean(tf, x));
    Operand<TFloat32> variance = mean(tf, tf.math.square(centered));
    Operand<TFloat32> inverse = tf.math.rsqrt(Arithmetic.add(tf, variance, tf.constant(EPSILON)));
    return Arithmetic.add(
        tf, pass.read(offset), tf.math.mul(centered, tf.math.mul(inverse, pass.read(scale))));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, Dims.of(tf, -1), Mean.keepDims(true));
  }
}
