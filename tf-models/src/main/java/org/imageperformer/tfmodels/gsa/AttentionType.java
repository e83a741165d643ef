package org.imageperformer.tfmodels.gsa;

import org.imageperformer.options.Labelled;

/** Which pixels a query looks at. */
public enum AttentionType implements Labelled {
  /** Those of a square patch around it. */
  LOCAL("Local"),
  /** All of a square image. */
  GLOBAL("Global");

  private final String label;

  AttentionType(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
