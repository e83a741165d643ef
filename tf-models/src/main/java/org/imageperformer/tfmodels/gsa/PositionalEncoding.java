package org.imageperformer.tfmodels.gsa;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * Codes of offsets (gsa.md section 2). The offset's coordinates (y, x), acted on by element v, give
 * {@code (MLP_row(y), MLP_col(x))}; each MLP is an affine map to 16 features, LayerNorm, Swish and
 * an affine map to e features. Codes depend on nothing else: they are computed once per step.
 */
final class PositionalEncoding {

  /** One coordinate's MLP. */
  private static final class Mlp {

    private static final int HIDDEN = 16;

    private final Weight inputKernel;
    private final Weight inputBias;
    private final Weight scale;
    private final Weight offset;
    private final Weight outputKernel;
    private final Weight outputBias;

    Mlp(Weights weights, String name, int features, double whiteningScale) {
      Initializer zero = Initializer.constant(0);
      inputKernel =
          weights.trained(name + "/input/kernel", Initializer.normal(0, whiteningScale), 1, HIDDEN);
      inputBias = weights.trained(name + "/input/bias", zero, HIDDEN);
      scale = weights.trained(name + "/norm/scale", Initializer.constant(1), HIDDEN);
      offset = weights.trained(name + "/norm/offset", zero, HIDDEN);
      outputKernel =
          weights.trained(
              name + "/output/kernel",
              Initializer.normal(0, whiteningScale / Math.sqrt(HIDDEN)),
              HIDDEN,
              features);
      outputBias = weights.trained(name + "/output/bias", zero, features);
    }

    /** [n, 1] to [n, features]. */
    Operand<TFloat32> apply(Pass pass, Operand<TFloat32> coordinates) {
      Ops tf = pass.tf();
      Operand<TFloat32> hidden =
          tf.math.add(
              tf.math.mul(coordinates, pass.read(inputKernel)), pass.read(inputBias)); // [n, 16]
      Operand<TFloat32> centered = tf.math.sub(hidden, mean(tf, hidden));
      Operand<TFloat32> variance = mean(tf, tf.math.square(centered));
      Operand<TFloat32> normalized =
          tf.math.add(
              tf.math.mul(
                  tf.math.mul(
                      centered,
                      tf.math.rsqrt(tf.math.add(variance, tf.constant(ImageNorm.EPSILON)))),
                  pass.read(scale)),
              pass.read(offset));
      Operand<TFloat32> active = tf.math.mul(normalized, tf.math.sigmoid(normalized));
      return tf.math.add(tf.linalg.matMul(active, pass.read(outputKernel)), pass.read(outputBias));
    }

    private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
      return tf.math.mean(x, Dims.of(tf, -1), Mean.keepDims(true));
    }
  }

  private final Mlp rows;
  private final Mlp columns;
  private final int features;

  /** Creates {@code name/rows/...} and {@code name/columns/...}, each of e features. */
  PositionalEncoding(Weights weights, String name, int features, double whiteningScale) {
    this.features = features;
    this.rows = new Mlp(weights, name + "/rows", features, whiteningScale);
    this.columns = new Mlp(weights, name + "/columns", features, whiteningScale);
  }

  /**
   * Adds the codes of all offsets for all elements.
   *
   * @return [G, offsets, 2 e], the rows' features first
   */
  Value codes(Pass pass, Group group, OffsetGrid offsets) {
    Ops tf = pass.tf();
    return pass.apply(
        () ->
            tf.reshape(
                tf.concat(
                    List.of(
                        rows.apply(pass, column(tf, offsets.rows(group))),
                        columns.apply(pass, column(tf, offsets.columns(group)))),
                    tf.constant(1)),
                Dims.of(tf, group.order(), offsets.size(), 2L * features)));
  }

  private static Operand<TFloat32> column(Ops tf, float[] values) {
    return tf.constant(Shape.of(values.length, 1), DataBuffers.of(values));
  }
}
