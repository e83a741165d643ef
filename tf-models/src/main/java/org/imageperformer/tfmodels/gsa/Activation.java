package org.imageperformer.tfmodels.gsa;

import org.imageperformer.options.Labelled;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;

/** The nonlinearity of a network. */
public enum Activation implements Labelled {
  /** z sigmoid(z). */
  SWISH("Swish"),
  /** max(z, 0). */
  RELU("ReLU");

  private final String label;

  Activation(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Adds it to the graph; the result has the shape of {@code x}. */
  public Value apply(Pass pass, Value x) {
    return Nonlinearity.apply(this, pass, x);
  }
}
