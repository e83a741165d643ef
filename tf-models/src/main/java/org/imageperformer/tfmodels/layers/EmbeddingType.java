package org.imageperformer.tfmodels.layers;

import org.imageperformer.options.Labelled;

/** How a pixel becomes a vector (models.md section 1). */
public enum EmbeddingType implements Labelled {
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

  @Override
  public String label() {
    return label;
  }
}
