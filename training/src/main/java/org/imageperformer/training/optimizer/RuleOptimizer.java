package org.imageperformer.training.optimizer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Run;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * The framework's optimizer as an {@link UpdateRule} makes it: the learning rate is fed, and the
 * variables that the rule keeps beside each weight have names that last in checkpoints, {@code
 * RULE/SLOT/WEIGHT} as in {@code adam/m/output/bias}. They start at zero.
 */
public abstract class RuleOptimizer extends Optimizer {

  private final String rule;
  private final List<String> slots;
  private final Placeholder<TFloat32> learningRate;

  /**
   * @param rule its name
   * @param slots names of what it keeps beside each weight
   */
  protected RuleOptimizer(Graph graph, String rule, String... slots) {
    super(graph, rule);
    this.rule = rule;
    this.slots = List.of(slots);
    this.learningRate = scalar("learning_rate");
  }

  /** Adds a number that {@link #feed} feeds. */
  protected final Placeholder<TFloat32> scalar(String name) {
    return tf.withName(rule + "." + name)
        .placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
  }

  /**
   * Feeds what an update needs: here, the learning rate.
   *
   * @param step updates done before, 0 for the first
   * @param rate learning rate of this update
   */
  public void feed(Run run, long step, double rate) {
    run.feed(learningRate, TFloat32.scalarOf((float) rate));
  }

  /** The learning rate in a variable's type. */
  protected final <T extends TType> Operand<T> learningRate(Output<T> variable) {
    return as(variable, learningRate);
  }

  /** What the rule keeps beside a variable under a slot's name. */
  protected final <T extends TType> Variable<T> slot(Output<T> variable, String name) {
    return getSlot(variable, name).orElseThrow();
  }

  /**
   * A coefficient in a variable's type. Not by the {@code Ops} that {@code applyDense} is given,
   * which would make each of them wait for every gradient: a control edge for each pair of weights,
   * several times over.
   */
  protected final <T extends TType> Operand<T> as(
      Output<T> variable, Operand<TFloat32> coefficient) {
    return tf.dtypes.cast(coefficient, variable.type());
  }

  /** Adds slots alone, for an optimizer at rest. */
  public final void createSlots(Collection<Variable<TFloat32>> variables) {
    createSlots(variables.stream().<Output<? extends TType>>map(Operand::asOutput).toList());
  }

  @Override
  protected void createSlots(List<Output<? extends TType>> variables) {
    variables.forEach(this::createSlots);
  }

  private <T extends TType> void createSlots(Output<T> variable) {
    Operand<T> zeros =
        tf.dtypes.cast(
            tf.fill(tf.constant(variable.shape().asArray()), tf.constant(0f)), variable.type());
    slots.forEach(name -> createSlot(variable, name, zeros));
  }

  /** The slots of variables by their names in a checkpoint, once they have been created. */
  public final Map<String, Variable<TFloat32>> slots(Map<String, Variable<TFloat32>> variables) {
    Map<String, Variable<TFloat32>> found = new LinkedHashMap<>();
    variables.forEach(
        (weight, variable) ->
            slots.forEach(
                name ->
                    found.put(rule + "/" + name + "/" + weight, slot(variable.asOutput(), name))));
    return found;
  }

  @Override
  public String getOptimizerName() {
    return rule;
  }
}
