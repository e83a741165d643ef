package org.imageperformer.tfmodels.gsa;

/** The nonlinearity of a network. */
public enum Activation {
  /** z sigmoid(z). */
  SWISH("Swish"),
  /** max(z, 0). */
  RELU("ReLU");

  private final String label;

  Activation(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }
}
