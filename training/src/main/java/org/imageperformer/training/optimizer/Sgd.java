package org.imageperformer.training.optimizer;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Stochastic gradient descent with momentum: {@code m = momentum m + gradient}, {@code weight -=
 * rate m}, m zero at first (gsa.md section 5).
 */
public final class Sgd implements UpdateRule {

  private static final String NAME = "sgd";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RuleOptimizer create(Graph graph, UpdateParameters parameters) {
    return SgdOptimizer.of(graph, parameters);
  }

  private static final class SgdOptimizer extends RuleOptimizer {

    private static final String MOMENTUM = "momentum";

    private final Operand<TFloat32> momentum;

    /** Made here, so that to ask for the rule's name loads nothing of TensorFlow. */
    static RuleOptimizer of(Graph graph, UpdateParameters parameters) {
      return new SgdOptimizer(graph, parameters);
    }

    SgdOptimizer(Graph graph, UpdateParameters parameters) {
      super(graph, NAME, MOMENTUM);
      momentum = tf.constant((float) parameters.momentum());
    }

    @Override
    protected <T extends TType> Op applyDense(Ops tf, Output<T> gradient, Output<T> variable) {
      return tf.train.applyMomentum(
          variable,
          slot(variable, MOMENTUM),
          learningRate(variable),
          gradient,
          as(variable, momentum));
    }
  }
}
