package org.imageperformer.tfmodels.layers;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a pixel becomes a vector (models.md section 1). */
public enum EmbeddingType {
  /** One affine map. */
  LINEAR("linear"),
  /** Affine to 4 dim, ReLU, affine to dim. */
  MLP("MLP"),
  /** A table row for each of the 256 values of each channel. */
  LOOKUP("lookup");

  private final String label;

  EmbeddingType(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The embedding_type of that label.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static EmbeddingType of(String label) {
    for (EmbeddingType value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    String known =
        Arrays.stream(values()).map(EmbeddingType::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown embedding_type '" + label + "'; known: " + known);
  }
}
