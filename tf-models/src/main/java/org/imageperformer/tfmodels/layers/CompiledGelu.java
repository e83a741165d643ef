package org.imageperformer.tfmodels.layers;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.CompiledFunctions.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** GELU and the dropout after it as one loop forward and one loop back. */
final class CompiledGelu {

  private CompiledGelu() {}

  /**
   * Adds both to the graph.
   *
   * @param x [batch, tokens, features]
   * @return the same shape
   */
  static Value apply(Pass pass, Value x, Dropout dropout) {
    boolean masked = dropout.active(pass);
    List<Operand<?>> inputs = new ArrayList<>(List.of(x.operand()));
    if (masked) {
      inputs.add(dropout.key(pass));
    }
    String name = masked ? "gelu_" + dropout.rate() : "gelu";
    Operand<TFloat32> y =
        pass.compiled()
            .call(
                pass.tf(),
                name,
                inputs,
                (tf, in) -> {
                  Operand<TFloat32> gelu = FeedForward.gelu(tf, in.float32(0));
                  return List.of(masked ? mask(tf, gelu, in, dropout) : gelu);
                })
            .get(0);
    return pass.record(
        y,
        (dOutput, gradients) -> {
          List<Operand<?>> backInputs = new ArrayList<>(inputs);
          backInputs.add(dOutput);
          gradients.add(
              x,
              pass.compiled()
                  .call(
                      pass.tf(),
                      name + "_back",
                      backInputs,
                      (tf, in) -> {
                        Operand<TFloat32> dy = in.float32(inputs.size());
                        return List.of(
                            tf.math.mul(
                                masked ? mask(tf, dy, in, dropout) : dy, slope(tf, in.float32(0))));
                      })
                  .get(0));
        });
  }

  private static Operand<TFloat32> mask(
      Ops tf, Operand<TFloat32> x, Inputs inputs, Dropout dropout) {
    return tf.math.mul(x, DropoutMask.of(tf, x, inputs.int32(1), dropout.rate()));
  }

  /** The derivative of GELU, Phi(x) + x phi(x) with the standard normal distribution. */
  private static Operand<TFloat32> slope(Ops tf, Operand<TFloat32> x) {
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
