package org.imageperformer.training.engine;

import java.util.List;
import org.imageperformer.tfmodels.graph.Run;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Adam with betas 0.9 and 0.98 and the plain epsilon 1e-8, added to the square root of the
 * bias-corrected second moment (models.md section 6). Unlike the framework's, the learning rate is
 * fed, and so are the powers of the betas: they follow from the step and need no variables whose
 * updates would have to be ordered.
 */
final class Adam extends Optimizer {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.98;
  private static final double EPSILON = 1e-8;
  private static final String FIRST_MOMENT = "m";
  private static final String SECOND_MOMENT = "v";

  private final Placeholder<TFloat32> learningRate;
  private final Placeholder<TFloat32> beta1Power;
  private final Placeholder<TFloat32> beta2Power;
  private final Placeholder<TFloat32> epsilon;
  private final Operand<TFloat32> beta1;
  private final Operand<TFloat32> beta2;

  Adam(Graph graph) {
    super(graph, "adam");
    learningRate = scalar("learning_rate");
    beta1Power = scalar("beta1_power");
    beta2Power = scalar("beta2_power");
    epsilon = scalar("epsilon");
    beta1 = tf.constant((float) BETA1);
    beta2 = tf.constant((float) BETA2);
  }

  private Placeholder<TFloat32> scalar(String name) {
    return tf.withName("adam." + name)
        .placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
  }

  /**
   * Feeds what an update needs.
   *
   * @param step updates done before, 0 for the first
   * @param rate learning rate of this update
   */
  void feed(Run run, long step, double rate) {
    double power1 = Math.pow(BETA1, (double) step + 1);
    double power2 = Math.pow(BETA2, (double) step + 1);
    run.feed(learningRate, TFloat32.scalarOf((float) rate));
    run.feed(beta1Power, TFloat32.scalarOf((float) power1));
    run.feed(beta2Power, TFloat32.scalarOf((float) power2));
    // TensorFlow adds its epsilon to the square root of the uncorrected second moment.
    run.feed(epsilon, TFloat32.scalarOf((float) (EPSILON * Math.sqrt(1 - power2))));
  }

  /** The first moment of a variable, after its update was added. */
  Variable<TFloat32> firstMoment(Output<TFloat32> variable) {
    return getSlot(variable, FIRST_MOMENT).orElseThrow();
  }

  /** The second moment of a variable, after its update was added. */
  Variable<TFloat32> secondMoment(Output<TFloat32> variable) {
    return getSlot(variable, SECOND_MOMENT).orElseThrow();
  }

  @Override
  protected void createSlots(List<Output<? extends TType>> variables) {
    variables.forEach(this::createSlots);
  }

  private <T extends TType> void createSlots(Output<T> variable) {
    Operand<T> zeros =
        tf.dtypes.cast(
            tf.fill(tf.constant(variable.shape().asArray()), tf.constant(0f)), variable.type());
    createSlot(variable, FIRST_MOMENT, zeros);
    createSlot(variable, SECOND_MOMENT, zeros);
  }

  @Override
  protected <T extends TType> Op applyDense(Ops tf, Output<T> gradient, Output<T> variable) {
    return tf.train.applyAdam(
        variable,
        getSlot(variable, FIRST_MOMENT).orElseThrow(),
        getSlot(variable, SECOND_MOMENT).orElseThrow(),
        as(variable, beta1Power),
        as(variable, beta2Power),
        as(variable, learningRate),
        as(variable, beta1),
        as(variable, beta2),
        as(variable, epsilon),
        gradient);
  }

  /**
   * A coefficient in a variable's type. Not by the caller's {@code Ops}, which would make each of
   * them wait for every gradient: a control edge for each pair of weights, six times over.
   */
  private <T extends TType> Operand<T> as(Output<T> variable, Operand<TFloat32> coefficient) {
    return tf.dtypes.cast(coefficient, variable.type());
  }

  @Override
  public String getOptimizerName() {
    return "adam";
  }
}
