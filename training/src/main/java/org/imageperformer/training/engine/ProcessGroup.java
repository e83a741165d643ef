package org.imageperformer.training.engine;

import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat64;

/**
 * The processes that take the steps of one training together. All of them build the same graph and
 * run it alike; each accumulates the gradients of its own share of a batch, and between
 * accumulating and applying their sums become one.
 */
@FunctionalInterface
public interface ProcessGroup {

  /** One process: its sums are all there is. */
  ProcessGroup ALONE = (tf, own) -> own;

  /**
   * One of several processes that keep their sums to themselves: no training, but what the exchange
   * of one costs is seen beside it.
   *
   * @param share of the process
   */
  static ProcessGroup apart(Share share) {
    return new ProcessGroup() {
      @Override
      public StepSums exchange(Ops tf, StepSums own) {
        return own;
      }

      @Override
      public Share share() {
        return share;
      }
    };
  }

  /**
   * Adds the exchange of a step to the graph. Whatever it adds runs together with the update and
   * before it: when it fails, no weight has moved.
   *
   * @param tf where operations are added
   * @param own sums of this process
   * @return sums of all processes; {@link StepSums#through} takes them through few collective
   *     operations
   */
  StepSums exchange(Ops tf, StepSums own);

  /**
   * Adds the exchange of an evaluation's results to the graph.
   *
   * @param own of this process, of any fixed shape
   * @return sums over all processes, element by element
   */
  default Operand<TFloat64> sum(Ops tf, Operand<TFloat64> own) {
    return own;
  }

  /** Which of the images are this process's own. */
  default Share share() {
    return Share.ALL;
  }

  /**
   * Starts a session on a graph that has all its operations.
   *
   * @param config of a process on its own
   */
  default Session start(Graph graph, ConfigProto config) {
    return new Session(graph, config);
  }

  /**
   * Runs what ends when all processes have come to it.
   *
   * @param run that contains an exchange
   */
  default <T> T together(Supplier<T> run) {
    return run.get();
  }

  /**
   * Whether a run was given up that TensorFlow has not ended. To close its session would wait for
   * it: what it holds is left to the end of the process.
   */
  default boolean stuck() {
    return false;
  }
}
