package org.imageperformer.training.engine;

import org.tensorflow.op.Ops;

/**
 * The place between accumulating and applying, where the sums of several processes become one.
 * Whatever it adds to the graph runs together with the update and before it: when it fails, no
 * weight has moved.
 */
@FunctionalInterface
public interface GradientExchange {

  /** One process: its sums are all there is. */
  GradientExchange ALONE = (tf, own) -> own;

  /**
   * Adds the exchange to the graph.
   *
   * @param tf where operations are added
   * @param own sums of this process
   * @return sums of all processes; {@link StepSums#through} takes them through one collective
   *     operation
   */
  StepSums exchange(Ops tf, StepSums own);
}
