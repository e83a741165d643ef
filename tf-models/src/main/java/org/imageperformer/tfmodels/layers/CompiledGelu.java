package org.imageperformer.tfmodels.layers;

import java.util.HashMap;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Inputs;
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
    Map<String, Operand<?>> inputs = new HashMap<>(Map.of("x", x.operand()));
    if (masked) {
      inputs.put("key", dropout.key(pass));
    }
    String name = masked ? "gelu_" + dropout.rate() : "gelu";
    return pass.record(
        pass.compiled()
            .callOne(
                pass.tf(),
                name,
                inputs,
                (tf, in) -> masked(tf, FeedForward.gelu(tf, in.get("x")), in, dropout)),
        (dOutput, gradients) -> {
          inputs.put("dy", dOutput);
          gradients.add(
              x,
              pass.compiled()
                  .callOne(
                      pass.tf(),
                      name + "_back",
                      inputs,
                      (tf, in) ->
                          tf.math.mul(
                              masked(tf, in.get("dy"), in, dropout), slope(tf, in.get("x")))));
        });
  }

  private static Operand<TFloat32> masked(Ops tf, Operand<TFloat32> x, Inputs in, Dropout dropout) {
    return in.has("key")
        ? tf.math.mul(x, DropoutMask.of(tf, x, in.int32("key"), dropout.rate()))
        : x;
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
