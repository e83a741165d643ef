package org.imageperformer.training.optimizer;

import org.imageperformer.options.Registry;
import org.tensorflow.Graph;

/** A rule by which gradients move weights; chosen by name ({@link Registry}). */
public interface UpdateRule {

  /** The value of the option {@code optimizer}, in small letters; begins its slots' names. */
  String name();

  /**
   * Adds what the rule needs to a graph.
   *
   * @param parameters of which a rule takes those it has; weight decay is in the gradients already
   */
  RuleOptimizer create(Graph graph, UpdateParameters parameters);

  /** All rules there are. */
  static Registry<UpdateRule> registry() {
    return new Registry<>(UpdateRule.class, "optimizer", UpdateRule::name);
  }
}
