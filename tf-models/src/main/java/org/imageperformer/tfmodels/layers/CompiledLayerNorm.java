package org.imageperformer.tfmodels.layers;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * LayerNorm in loops that XLA compiles, with sums left to TensorFlow's kernels and to matrix
 * products: a compiled sum over a row adds its numbers one after the other. With {@code xhat = (x -
 * mean) / s} the backward pass is {@code dx = (g - mean(g) - xhat mean(g xhat)) / s}, {@code g = dy
 * scale}; xhat is computed again rather than kept.
 */
final class CompiledLayerNorm {

  private CompiledLayerNorm() {}

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
        tf.math.rsqrt(tf.math.add(variance, tf.constant(LayerNorm.EPSILON)));
    Operand<TFloat32> y =
        pass.compiled()
            .call(
                tf,
                "layer_norm",
                List.of(rows, mean, inverse, gamma, beta),
                (inner, in) ->
                    List.of(
                        inner.math.add(
                            inner.math.mul(
                                normalized(inner, in.float32(0), in.float32(1), in.float32(2)),
                                in.float32(3)),
                            in.float32(4))))
            .get(0);
    return pass.record(
        tf.reshape(y, Dims.of(tf, -1, tokens, dim)),
        (dOutput, gradients) -> {
          Operand<TFloat32> dy = tf.reshape(dOutput, Dims.of(tf, -1, dim));
          Operand<TFloat32> product = // dy xhat, [n, dim]
              pass.compiled()
                  .call(
                      tf,
                      "layer_norm_product",
                      List.of(rows, mean, inverse, dy),
                      (inner, in) ->
                          List.of(
                              inner.math.mul(
                                  normalized(inner, in.float32(0), in.float32(1), in.float32(2)),
                                  in.float32(3))))
                  .get(0);
          Operand<TFloat32> weights = // scale / dim, [dim, 1]
              tf.reshape(tf.math.mul(gamma, tf.constant(1f / dim)), Dims.of(tf, dim, 1));
          Operand<TFloat32> dx =
              pass.compiled()
                  .call(
                      tf,
                      "layer_norm_back",
                      List.of(
                          rows,
                          mean,
                          inverse,
                          gamma,
                          dy,
                          tf.linalg.matMul(dy, weights), // mean(g), [n, 1]
                          tf.linalg.matMul(product, weights)), // mean(g xhat), [n, 1]
                      (inner, in) ->
                          List.of(
                              inner.math.mul(
                                  inner.math.sub(
                                      inner.math.sub(
                                          inner.math.mul(in.float32(4), in.float32(3)),
                                          in.float32(5)),
                                      inner.math.mul(
                                          normalized(
                                              inner, in.float32(0), in.float32(1), in.float32(2)),
                                          in.float32(6))),
                                  in.float32(2))))
                  .get(0);
          gradients.add(x, tf.reshape(dx, Dims.of(tf, -1, tokens, dim)));
          gradients.add(scale, tf.nn.biasAddGrad(product));
          gradients.add(offset, tf.nn.biasAddGrad(dy));
        });
  }

  private static Operand<TFloat32> normalized(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> mean, Operand<TFloat32> inverse) {
    return tf.math.mul(tf.math.sub(x, mean), inverse);
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, Dims.of(tf, -1), Mean.keepDims(true));
  }
}
