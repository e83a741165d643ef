package org.imageperformer.tfmodels.kernels;

import java.util.Map;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * LayerNorm in loops that XLA compiles, with sums left to TensorFlow's kernels and to matrix
 * products: a compiled sum over a row adds its numbers one after the other. With {@code xhat = (x -
 * mean) / s} the backward pass is {@code dx = (g - mean(g) - xhat mean(g xhat)) / s}, {@code g = dy
 * scale}; xhat is computed again rather than kept.
 */
final class FastLayerNorm {

  private FastLayerNorm() {}

  /**
   * Adds it to the graph.
   *
   * @param x [batch, tokens, dim]
   * @return the same shape
   */
  static Value apply(Pass pass, Value x, Weight scale, Weight offset) {
    Ops tf = pass.tf();
    long dim = scale.size();
    long tokens = x.operand().shape().get(1);
    Operand<TFloat32> gamma = pass.read(scale);
    Operand<TFloat32> beta = pass.read(offset);
    Operand<TFloat32> rows = tf.reshape(x.operand(), Dims.of(tf, -1, dim)); // [n, dim]
    Operand<TFloat32> mean = mean(tf, rows); // [n, 1]
    Operand<TFloat32> variance = mean(tf, tf.math.squaredDifference(rows, mean)); // [n, 1]
    Operand<TFloat32> inverse =
        tf.math.rsqrt(tf.math.add(variance, tf.constant(Kernels.LAYER_NORM_EPSILON)));
    Operand<? extends TNumber> y =
        Products.factor(
            pass,
            Products.compiledFactor(
                pass,
                "layer_norm",
                Map.of("x", rows, "mean", mean, "inverse", inverse, "scale", gamma, "offset", beta),
                (inner, in) ->
                    inner.math.add(
                        inner.math.mul(normalized(inner, in), in.get("scale")), in.get("offset"))));
    return pass.record(
        Products.reshaped(tf, y, -1, tokens, dim),
        (dOutput, gradients) -> {
          Operand<TFloat32> dy = tf.reshape(dOutput, Dims.of(tf, -1, dim));
          Operand<TFloat32> product = // dy xhat, [n, dim]
              pass.compiled()
                  .callOne(
                      tf,
                      "layer_norm_product",
                      Map.of("x", rows, "mean", mean, "inverse", inverse, "dy", dy),
                      (inner, in) -> inner.math.mul(normalized(inner, in), in.get("dy")));
          Operand<TFloat32> weights = // scale / dim, [dim, 1]
              tf.reshape(tf.math.mul(gamma, tf.constant(1f / dim)), Dims.of(tf, dim, 1));
          Operand<TFloat32> dx =
              pass.compiled()
                  .callOne(
                      tf,
                      "layer_norm_back",
                      Map.of(
                          "x", rows,
                          "mean", mean,
                          "inverse", inverse,
                          "scale", gamma,
                          "dy", dy,
                          "meanG", tf.linalg.matMul(dy, weights), // [n, 1]
                          "meanGXhat", tf.linalg.matMul(product, weights)), // [n, 1]
                      FastLayerNorm::back);
          gradients.add(x, tf.reshape(dx, Dims.of(tf, -1, tokens, dim)));
          gradients.add(scale, tf.nn.biasAddGrad(product));
          gradients.add(offset, tf.nn.biasAddGrad(dy));
        });
  }

  /** dx. */
  private static Operand<TFloat32> back(Ops tf, Inputs in) {
    Operand<TFloat32> g = tf.math.mul(in.get("dy"), in.get("scale"));
    return tf.math.mul(
        tf.math.sub(
            tf.math.sub(g, in.get("meanG")), tf.math.mul(normalized(tf, in), in.get("meanGXhat"))),
        in.get("inverse"));
  }

  /** xhat. */
  private static Operand<TFloat32> normalized(Ops tf, Inputs in) {
    return tf.math.mul(tf.math.sub(in.get("x"), in.get("mean")), in.get("inverse"));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, Dims.of(tf, -1), Mean.keepDims(true));
  }
}
