package org.imageperformer.tfmodels.attention;

import org.imageperformer.options.Labelled;

/**
 * Over which keys the maximum inside the key features is taken (models.md, "Key stabilizer").
 *
 * <p>Gradients flow through every maximum, of queries and of keys, in both settings: to hold one
 * constant gives wrong gradients once many features have shrunk to the 1e-4 that is added to them,
 * because the maximum then decides how much of them is left.
 */
public enum KeyStabilizer implements Labelled {
  /**
   * One maximum per image and head, over its tokens and features: a prediction does not depend on
   * the rest of its batch.
   */
  EXAMPLE("example"),
  /**
   * One maximum over all images, heads, tokens and features, as in the published program: a
   * prediction depends on the rest of its batch.
   */
  BATCH("batch");

  private final String label;

  KeyStabilizer(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
