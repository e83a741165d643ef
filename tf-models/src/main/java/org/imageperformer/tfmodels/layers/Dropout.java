package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.kernels.DropoutMask;
import org.imageperformer.tfmodels.kernels.Kernels;

/**
 * In training sets each value to zero with probability {@code rate} and divides the others by
 * {@code 1 - rate}; nothing in inference.
 */
public final class Dropout {

  private final DropoutMask mask;

  /**
   * Dropout at one place of the model.
   *
   * @param name a name of its own for each place in the model
   * @param rate in [0, 1)
   * @throws IllegalArgumentException for another rate
   */
  public Dropout(String name, double rate) {
    this.mask = new DropoutMask(name, rate);
  }

  /** The zeros. */
  DropoutMask mask() {
    return mask;
  }

  /** Adds it to the graph; the result has the shape of {@code x}. */
  public Value apply(Pass pass, Value x) {
    return Kernels.of(pass).dropout(x, mask);
  }
}
