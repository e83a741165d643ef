package org.imageperformer.training.optimizer;

import org.imageperformer.tfmodels.graph.Run;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Adam with the plain epsilon, added to the square root of the bias-corrected second moment
 * (models.md section 6). Unlike the framework's, the powers of the betas are fed: they follow from
 * the step and need no variables whose updates would have to be ordered.
 */
public final class Adam implements UpdateRule {

  private static final String NAME = "adam";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RuleOptimizer create(Graph graph, UpdateParameters parameters) {
    return AdamOptimizer.of(graph, parameters);
  }

  private static final class AdamOptimizer extends RuleOptimizer {

    private static final String FIRST_MOMENT = "m";
    private static final String SECOND_MOMENT = "v";

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final Placeholder<TFloat32> beta1Power = scalar("beta1_power");
    private final Placeholder<TFloat32> beta2Power = scalar("beta2_power");
    private final Placeholder<TFloat32> fedEpsilon = scalar("epsilon");
    private final Operand<TFloat32> constantBeta1;
    private final Operand<TFloat32> constantBeta2;

    /** Made here, so that to ask for the rule's name loads nothing of TensorFlow. */
    static RuleOptimizer of(Graph graph, UpdateParameters parameters) {
      return new AdamOptimizer(graph, parameters);
    }

    AdamOptimizer(Graph graph, UpdateParameters parameters) {
      super(graph, NAME, FIRST_MOMENT, SECOND_MOMENT);
      beta1 = parameters.adamBetas().get(0);
      beta2 = parameters.adamBetas().get(1);
      epsilon = parameters.adamEpsilon();
      constantBeta1 = tf.constant((float) beta1);
      constantBeta2 = tf.constant((float) beta2);
    }

    @Override
    public void feed(Run run, long step, double rate) {
      super.feed(run, step, rate);
      double power1 = Math.pow(beta1, (double) step + 1);
      double power2 = Math.pow(beta2, (double) step + 1);
      run.feed(beta1Power, TFloat32.scalarOf((float) power1));
      run.feed(beta2Power, TFloat32.scalarOf((float) power2));
      // TensorFlow adds its epsilon to the square root of the uncorrected second moment.
      run.feed(fedEpsilon, TFloat32.scalarOf((float) (epsilon * Math.sqrt(1 - power2))));
    }

    @Override
    protected <T extends TType> Op applyDense(Ops tf, Output<T> gradient, Output<T> variable) {
      return tf.train.applyAdam(
          variable,
          slot(variable, FIRST_MOMENT),
          slot(variable, SECOND_MOMENT),
          as(variable, beta1Power),
          as(variable, beta2Power),
          learningRate(variable),
          as(variable, constantBeta1),
          as(variable, constantBeta2),
          as(variable, fedEpsilon),
          gradient);
    }
  }
}
