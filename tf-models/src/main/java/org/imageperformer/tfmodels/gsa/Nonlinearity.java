package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.op.Ops;

/** {@link Activation} in the graph; apart from it, as help must not load TensorFlow. */
final class Nonlinearity {

  private Nonlinearity() {}

  static Value apply(Activation activation, Pass pass, Value x) {
    Ops tf = pass.tf();
    return pass.apply(
        x,
        z ->
            switch (activation) {
              case SWISH -> tf.math.mul(z, tf.math.sigmoid(z));
              case RELU -> tf.nn.relu(z);
            });
  }
}
