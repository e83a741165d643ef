package org.imageperformer.tfmodels.kernels;

import java.util.HashMap;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** GELU and the dropout after it as one loop forward and one loop back. */
final class FastGelu {

  private FastGelu() {}

  /**
   * Adds both to the graph.
   *
   * @param x [batch, tokens, features]
   * @return the same shape
   */
  static Value apply(Pass pass, Value x, DropoutMask mask) {
    boolean masked = mask.active(pass);
    Map<String, Operand<?>> inputs = new HashMap<>(Map.of("x", x.operand()));
    if (masked) {
      inputs.put("key", mask.key(pass, pass.tf().size(x.operand())));
    }
    String name = masked ? "gelu_" + mask.rate() : "gelu";
    return pass.record(
        Products.compiledFactor(
            pass, name, inputs, (tf, in) -> masked(tf, Gelu.of(tf, in.get("x")), in, mask)),
        (dOutput, gradients) -> {
          inputs.put("dy", dOutput);
          gradients.add(
              x,
              Products.compiledFactor(
                  pass,
                  name + "_back",
                  inputs,
                  (tf, in) ->
                      tf.math.mul(
                          masked(tf, in.get("dy"), in, mask), Gelu.slope(tf, in.get("x")))));
        });
  }

  private static Operand<TFloat32> masked(
      Ops tf, Operand<TFloat32> x, Inputs in, DropoutMask mask) {
    return in.has("key") ? mask.apply(tf, x, in.int32("key")) : x;
  }
}
