package org.imageperformer.tfmodels.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The backward pass through a function of the graph: adds the operations that take the gradient of
 * its output to gradients of its inputs and weights.
 */
@FunctionalInterface
public interface Pullback {

  /**
   * Adds the operations of the backward pass.
   *
   * @param dOutput gradient of the loss by the function's output, in the output's shape
   * @param gradients receives the gradients with respect to the function's inputs and weights
   */
  void pull(Operand<TFloat32> dOutput, Gradients gradients);
}
