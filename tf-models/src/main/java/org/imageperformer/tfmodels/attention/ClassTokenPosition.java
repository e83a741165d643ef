package org.imageperformer.tfmodels.attention;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where ClippedRelativePerformer places the class token as a query (models.md section 4). */
public enum ClassTokenPosition {
  /** One row below the bottom-left pixel: the published program. */
  CORNER("corner"),
  /** Nowhere: every key is at the clipping distance, which is translation equivariant. */
  NONE("none");

  private final String label;

  ClassTokenPosition(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The class_token_position of that label.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static ClassTokenPosition of(String label) {
    for (ClassTokenPosition value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    String known =
        Arrays.stream(values()).map(ClassTokenPosition::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "unknown class_token_position '" + label + "'; known: " + known);
  }
}
