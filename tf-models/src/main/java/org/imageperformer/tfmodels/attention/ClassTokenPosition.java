package org.imageperformer.tfmodels.attention;

import org.imageperformer.options.Labelled;

/** Where ClippedRelativePerformer places the class token as a query (models.md section 4). */
public enum ClassTokenPosition implements Labelled {
  /** One row below the bottom-left pixel: the published program. */
  CORNER("corner"),
  /** Nowhere: every key is at the clipping distance, which is translation equivariant. */
  NONE("none");

  private final String label;

  ClassTokenPosition(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
