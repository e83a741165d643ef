package org.imageperformer.tfmodels.gsa;

import org.imageperformer.options.Labelled;

/** The norm of a network. */
public enum NormType implements Labelled {
  /** Over all channels, group elements and pixels of an image. */
  LAYER_NORM("LayerNorm"),
  /** Per channel over batch, group elements and pixels. */
  BATCH_NORM("BatchNorm");

  private final String label;

  NormType(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
