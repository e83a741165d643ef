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
 * LayerNorm in compiled loops. With {@code xhat = (x - mean) / s}, {@code s = sqrt(variance + eps)}
 * and {@code g = dy scale}, the way back is {@code dx = (g - mean(g) - xhat mean(g xhat)) / s};
 * xhat is computed again rather than kept.
 */
final class CompiledLayerNorm {

  private CompiledLayerNorm() {}

  /** x centered and divided by its deviation, and 1 / deviation. */
  private record Normalized(Operand<TFloat32> xhat, Operand<TFloat32> inverse) {

    static Normalized of(Ops tf, Operand<TFloat32> x) {
      Operand<TFloat32> centered = tf.math.sub(x, mean(tf, x));
      Operand<TFloat32> inverse =
          tf.math.rsqrt(
              tf.math.add(mean(tf, tf.math.square(centered)), tf.constant(LayerNorm.EPSILON)));
      return new Normalized(tf.math.mul(centered, inverse), inverse);
    }
  }

  /**
   * Adds it to the graph.
   *
   * @param x [batch, tokens, dim]
   * @return the same shape
   */
  static Value apply(Pass pass, Value x, Weight scale, Weight offset) {
    Operand<TFloat32> gamma = pass.read(scale);
    Operand<TFloat32> beta = pass.read(offset);
    Operand<TFloat32> y =
        pass.compiled()
            .call(
                pass.tf(),
                "layer_norm",
                List.of(x.operand(), gamma, beta),
                (tf, in) ->
                    List.of(
                        tf.math.add(
                            tf.math.mul(
                                Normalized.of(tf, float32(in.get(0))).xhat(), float32(in.get(1))),
                            float32(in.get(2)))))
            .get(0);
    return pass.record(
        y,
        (dOutput, gradients) -> {
          List<Operand<TFloat32>> back =
              pass.compiled()
                  .call(
                      pass.tf(),
                      "layer_norm_back",
                      List.of(x.operand(), gamma, dOutput),
                      (tf, in) ->
                          back(tf, float32(in.get(0)), float32(in.get(1)), float32(in.get(2))));
          gradients.add(x, back.get(0));
          gradients.add(scale, back.get(1));
          gradients.add(offset, back.get(2));
        });
  }

  private static List<Operand<TFloat32>> back(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> gamma, Operand<TFloat32> dy) {
    Normalized n = Normalized.of(tf, x);
    Operand<TFloat32> g = tf.math.mul(dy, gamma);
    Operand<TFloat32> dx =
        tf.math.mul(
            tf.math.sub(
                tf.math.sub(g, mean(tf, g)),
                tf.math.mul(n.xhat(), mean(tf, tf.math.mul(g, n.xhat())))),
            n.inverse());
    return List.of(dx, overTokens(tf, tf.math.mul(dy, n.xhat())), overTokens(tf, dy));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, Dims.of(tf, -1), Mean.keepDims(true));
  }

  private static Operand<TFloat32> overTokens(Ops tf, Operand<TFloat32> x) {
    return tf.sum(x, Dims.of(tf, 0, 1));
  }

  @SuppressWarnings("unchecked") // As it was passed.
  private static Operand<TFloat32> float32(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }
}
