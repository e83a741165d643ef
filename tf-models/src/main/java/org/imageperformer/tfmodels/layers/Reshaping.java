package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.op.Ops;

/** The same numbers in the same order under another shape. */
public final class Reshaping {

  private Reshaping() {}

  /** Adds it; one side may be -1, known at run time. */
  public static Value of(Pass pass, Value x, long... shape) {
    Ops tf = pass.tf();
    long[] before = x.shape().asArray();
    return pass.record(
        tf.reshape(x.operand(), Dims.of(tf, shape)),
        (dOutput, gradients) -> gradients.add(x, tf.reshape(dOutput, Dims.of(tf, before))));
  }
}
