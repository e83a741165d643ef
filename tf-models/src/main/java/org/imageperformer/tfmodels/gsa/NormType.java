package org.imageperformer.tfmodels.gsa;

/** The norm of a network. */
public enum NormType {
  /** Over all channels, group elements and pixels of an image. */
  LAYER_NORM("LayerNorm"),
  /** Per channel over batch, group elements and pixels. */
  BATCH_NORM("BatchNorm");

  private final String label;

  NormType(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }
}
