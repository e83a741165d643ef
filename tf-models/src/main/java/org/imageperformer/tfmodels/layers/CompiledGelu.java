package org.imageperformer.tfmodels.layers;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

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
    List<Operand<?>> inputs = new ArrayList<>(List.of(x.operand()));
    if (dropout.active(pass)) {
      inputs.add(dropout.words(pass, x.operand()));
    }
    Operand<TFloat32> y =
        pass.compiled()
            .call(
                pass.tf(),
                "gelu_" + dropout.rate(),
                inputs,
                (tf, in) ->
                    List.of(masked(tf, FeedForward.gelu(tf, float32(in.get(0))), in, dropout)))
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
                      "gelu_back_" + dropout.rate(),
                      backInputs,
                      (tf, in) -> {
                        List<Operand<?>> forward = in.subList(0, inputs.size());
                        Operand<TFloat32> dy =
                            masked(tf, float32(in.get(inputs.size())), forward, dropout);
                        return List.of(tf.math.mul(dy, slope(tf, float32(in.get(0)))));
                      })
                  .get(0));
        });
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

  private static Operand<TFloat32> masked(
      Ops tf, Operand<TFloat32> x, List<Operand<?>> inputs, Dropout dropout) {
    return inputs.size() == 1
        ? x
        : tf.math.mul(x, DropoutBits.mask(tf, int32(inputs.get(1)), dropout.rate()));
  }

  @SuppressWarnings("unchecked") // As it was passed.
  private static Operand<TFloat32> float32(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  @SuppressWarnings("unchecked") // As it was passed.
  private static Operand<TInt32> int32(Operand<?> operand) {
    return (Operand<TInt32>) operand;
  }
}
