package org.imageperformer.tfmodels.gsa;

/** Which pixels a query looks at. */
public enum AttentionType {
  /** Those of a square patch around it. */
  LOCAL("Local"),
  /** All of a square image. */
  GLOBAL("Global");

  private final String label;

  AttentionType(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }
}
