package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * In training sets each value to zero with probability {@code rate} and divides the others by
 * {@code 1 - rate}; nothing in inference. The mask depends on nothing but the pass's noise key and
 * this place's name.
 */
public final class Dropout {

  private final double rate;
  private final long site;

  /**
   * @param name a name of its own for each place in the model
   * @param rate in [0, 1)
   */
  public Dropout(String name, double rate) {
    this.rate = rate;
    this.site = RandomStreams.key(0, "dropout " + name, 0);
  }

  /**
   * Adds it to the graph.
   *
   * @param x [batch, tokens, features], features even
   * @return the same shape
   */
  public Operand<TFloat32> apply(Pass pass, Operand<TFloat32> x) {
    if (!active(pass)) {
      return x;
    }
    return pass.tf().math.mul(x, DropoutBits.mask(pass.tf(), words(pass, x), rate));
  }

  /** Whether it does anything in this pass. */
  boolean active(Pass pass) {
    return pass.training() && rate > 0;
  }

  /** The probability of a zero. */
  double rate() {
    return rate;
  }

  /**
   * The random words of the mask, for {@link DropoutBits#mask}.
   *
   * @param x [batch, tokens, features]
   * @return [batch, tokens, features / 2]
   */
  Operand<TInt32> words(Pass pass, Operand<TFloat32> x) {
    return DropoutBits.words(pass.tf(), x, pass.noise(site));
  }
}
