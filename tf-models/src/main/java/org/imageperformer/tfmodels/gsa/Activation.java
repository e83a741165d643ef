package org.imageperformer.tfmodels.gsa;

import org.imageperformer.options.Labelled;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.op.Ops;

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
  Value apply(Pass pass, Value x) {
    Ops tf = pass.tf();
    return pass.apply(
        x,
        z ->
            switch (this) {
              case SWISH -> tf.math.mul(z, tf.math.sigmoid(z));
              case RELU -> tf.nn.relu(z);
            });
  }
}
