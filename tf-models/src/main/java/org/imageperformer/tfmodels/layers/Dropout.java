package org.imageperformer.tfmodels.layers;

import java.util.Map;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * In training sets each value to zero with probability {@code rate} and divides the others by
 * {@code 1 - rate}; nothing in inference. The mask depends on nothing but the pass's noise key,
 * this place's name and the position of the value.
 */
public final class Dropout {

  private final double rate;
  private final long site;

  /**
   * Dropout at one place of the model.
   *
   * @param name a name of its own for each place in the model
   * @param rate in [0, 1)
   */
  public Dropout(String name, double rate) {
    this.rate = rate;
    this.site = RandomStreams.key(0, "dropout " + name, 0);
  }

  /** Adds it to the graph; the result has the shape of {@code x}. */
  public Value apply(Pass pass, Value x) {
    if (!active(pass)) {
      return x;
    }
    Operand<TInt32> key = key(pass);
    if (!pass.fast()) {
      return pass.apply(
          x, values -> pass.tf().math.mul(values, DropoutMask.of(pass.tf(), values, key, rate)));
    }
    return pass.record(
        masked(pass, x.operand(), key),
        (dOutput, gradients) -> gradients.add(x, masked(pass, dOutput, key)));
  }

  private Operand<TFloat32> masked(Pass pass, Operand<TFloat32> x, Operand<TInt32> key) {
    return pass.compiled()
        .callOne(
            pass.tf(),
            "dropout_" + rate,
            Map.of("x", x, "key", key),
            (tf, in) ->
                tf.math.mul(in.get("x"), DropoutMask.of(tf, in.get("x"), in.int32("key"), rate)));
  }

  /** Whether it does anything in this pass. */
  boolean active(Pass pass) {
    return pass.training() && rate > 0;
  }

  /** The probability of a zero. */
  double rate() {
    return rate;
  }

  /** The two random words behind the mask in this pass. */
  Operand<TInt32> key(Pass pass) {
    return pass.tf()
        .random
        .statelessRandomUniformFullInt(
            pass.tf().constant(new int[] {2}), pass.noise(site), TInt32.class);
  }
}
