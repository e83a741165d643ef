package org.imageperformer.tfmodels.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Where a pass finds the values of its weights: variables in training, constants in serving. */
@FunctionalInterface
public interface WeightSource {

  /** The value of a weight as an operand of the graph, in the weight's shape. */
  Operand<TFloat32> read(Ops tf, Weight weight);
}
