package org.imageperformer.tfmodels.cnn;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Reshaping;

/** What comes after the convolutions. */
final class Heads {

  private Heads() {}

  /**
   * Adds an affine map of all that is left of an image.
   *
   * @param x [batch, ...], {@code in} numbers an image
   * @return [batch, out]
   */
  static Value map(Pass pass, Value x, long in, Dense dense) {
    Value mapped = dense.apply(pass, Reshaping.of(pass, x, -1, 1, in));
    return Reshaping.of(pass, mapped, -1, mapped.shape().get(2));
  }
}
