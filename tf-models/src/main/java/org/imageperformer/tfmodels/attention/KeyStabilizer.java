package org.imageperformer.tfmodels.attention;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Over which keys the maximum inside the key features is taken (models.md, "Key stabilizer").
 *
 * <p>Gradients flow through every maximum, of queries and of keys, in both settings: to hold one
 * constant gives wrong gradients once many features have shrunk to the 1e-4 that is added to them,
 * because the maximum then decides how much of them is left.
 */
public enum KeyStabilizer {
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

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The key_stabilizer of that label.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static KeyStabilizer of(String label) {
    for (KeyStabilizer value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    String known =
        Arrays.stream(values()).map(KeyStabilizer::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown key_stabilizer '" + label + "'; known: " + known);
  }
}
