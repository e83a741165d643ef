package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.ModelGraph;
import org.imageperformer.tfmodels.graph.Run;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.Moment;
import org.imageperformer.training.optimizer.RuleOptimizer;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * The operations of a step: accumulate ({@link Tower}), exchange, apply. Accumulating runs as often
 * as a batch has chunks; exchange and apply run once, together. Memory is bounded by the chunk and
 * not by the batch, and nothing of the model moves before all gradients are there.
 */
final class StepGraph {

  /** Summed loss, images classified rightly, images. */
  private static final long EVALUATION = 3;

  private final List<Tower> towers = new ArrayList<>();
  private final VariableWeights variables;
  private final Map<String, Variable<TFloat32>> trained = new LinkedHashMap<>();
  private final Placeholder<TFloat64> ownTotals;
  private final Placeholder<TFloat32> clipNorm;
  private final Operand<TFloat64> totals;
  private final ProcessGroup group;
  private final Placeholder<TFloat64> ownEvaluation;
  private final Operand<TFloat64> evaluation;
  private final Map<Weight, Operand<TFloat32>> meanGradients = new LinkedHashMap<>();
  private final Operand<TFloat32> gradientNorm;
  private final RuleOptimizer optimizer;
  private final List<Op> apply = new ArrayList<>();
  private final List<Op> clear;

  StepGraph(
      ModelGraph graph,
      ModelSpec spec,
      ImageModel model,
      PixelScaling scaling,
      EngineOptions options,
      UpdateRule rule,
      UpdateParameters parameters,
      ProcessGroup group) {
    this.group = group;
    Ops tf = graph.tf();
    variables = new VariableWeights(tf, graph.weights());
    for (int i = 0; i < options.towers(); i++) {
      Ops own = tf.withSubScope(options.tower(i));
      towers.add(new Tower(graph, own, spec, model, scaling, variables, options));
    }
    List<Weight> weights = graph.weights().of(Weight.Role.TRAINED);
    weights.forEach(weight -> trained.put(weight.name(), variables.variable(weight)));

    Ops updating = tf.withSubScope("update");
    ownTotals =
        updating
            .withName("totals")
            .placeholder(TFloat64.class, Placeholder.shape(Shape.of(StepSums.TOTALS)));
    clipNorm =
        updating
            .withName("clip_norm")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Ops exchanging = tf.withSubScope("exchange");
    StepSums sums = group.exchange(exchanging, own(updating, weights, options));
    totals = updating.identity(sums.totals());
    gradientNorm = meanGradients(updating, weights, sums.gradients());
    optimizer = rule.create(graph.graph(), parameters);
    apply(updating, parameters.weightDecay());
    clear = clear(updating);
    ownEvaluation =
        updating
            .withName("evaluation")
            .placeholder(TFloat64.class, Placeholder.shape(Shape.of(EVALUATION)));
    evaluation = updating.identity(group.sum(exchanging, ownEvaluation));
  }

  /** The sums of this process, over its towers and their lanes. */
  private StepSums own(Ops tf, List<Weight> weights, EngineOptions options) {
    List<Operand<TFloat64>> gradients = new ArrayList<>();
    for (Weight weight : weights) {
      List<Operand<TFloat64>> parts = new ArrayList<>();
      towers.forEach(tower -> parts.add(tf.sum(tower.accumulator(weight), tf.constant(0))));
      gradients.add(parts.size() == 1 ? parts.get(0) : tf.math.addN(parts));
    }
    return new StepSums(gradients, ownTotals, options.oneRunOfSeveral());
  }

  /** Adds the gradients of the mean loss; returns their global norm, a scalar. */
  private Operand<TFloat32> meanGradients(
      Ops tf, List<Weight> weights, List<Operand<TFloat64>> sums) {
    Operand<TFloat64> images = tf.gather(totals, tf.constant(2), tf.constant(0));
    List<Operand<TFloat32>> squares = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      Operand<TFloat32> mean = tf.dtypes.cast(tf.math.div(sums.get(i), images), TFloat32.class);
      meanGradients.put(weights.get(i), mean);
      squares.add(tf.nn.l2Loss(mean));
    }
    return tf.math.sqrt(tf.math.mul(tf.math.addN(squares), tf.constant(2f)));
  }

  /**
   * All gradients times min(1, clip / (norm + 1e-6)) (models.md section 6), weight decay after
   * that, into the rule; state takes its next values; accumulators are zero again.
   */
  private void apply(Ops tf, double weightDecay) {
    Operand<TFloat32> factor =
        tf.math.minimum(
            tf.constant(1f), tf.math.div(clipNorm, tf.math.add(gradientNorm, tf.constant(1e-6f))));
    List<Optimizer.GradAndVar<?>> updates = new ArrayList<>();
    meanGradients.forEach(
        (weight, mean) -> {
          Operand<TFloat32> gradient = tf.math.mul(mean, factor);
          if (weightDecay > 0) {
            Operand<TFloat32> decay = tf.constant((float) weightDecay);
            gradient = tf.math.add(gradient, tf.math.mul(variables.read(tf, weight), decay));
          }
          updates.add(
              new Optimizer.GradAndVar<>(
                  gradient.asOutput(), variables.variable(weight).asOutput()));
        });
    Op update = optimizer.applyGradients(updates, "apply");
    apply.add(update);
    // All gradients are there when their norm is, and nothing has failed.
    Ops afterGradients = tf.withControlDependencies(gradientNorm);
    towers
        .get(0)
        .nextStates()
        .forEach(
            (state, next) -> apply.add(afterGradients.assign(variables.variable(state), next)));
    apply.addAll(clear(tf.withControlDependencies(List.of(update))));
  }

  /** Sets all accumulators to zero. */
  private List<Op> clear(Ops tf) {
    List<Op> ops = new ArrayList<>();
    for (Weight weight : meanGradients.keySet()) {
      for (Tower tower : towers) {
        Variable<TFloat64> accumulator = tower.accumulator(weight);
        long[] shape = accumulator.shape().asArray();
        ops.add(tf.assign(accumulator, tf.fill(tf.constant(shape), tf.constant(0d))));
      }
    }
    return ops;
  }

  /** The copies of the model. */
  List<Tower> towers() {
    return towers;
  }

  /** The model's weights. */
  VariableWeights variables() {
    return variables;
  }

  /** What the update rule keeps, by name in a checkpoint. */
  Map<String, Variable<TFloat32>> slots() {
    return optimizer.slots(trained);
  }

  /** Forgets what has been accumulated. */
  void clear(Session session) {
    try (Run run = new Run(session)) {
      clear.forEach(run::target);
      run.execute();
    }
  }

  /**
   * Exchanges and applies what has been accumulated, and clears it.
   *
   * @param run of the session, which the caller closes
   * @param own what this process has accumulated
   * @param moment what this process knows of when to end
   * @param step steps taken before
   * @param clip largest global norm of the gradients; infinite for none
   * @return what all processes have accumulated, and know together
   */
  StepOutcome apply(Run run, BatchOutcome own, Moment moment, long step, double rate, double clip) {
    optimizer.feed(run, step, rate);
    feed(run, own, moment);
    run.feed(clipNorm, TFloat32.scalarOf((float) clip));
    apply.forEach(run::target);
    try (Result result = group.together(run.fetch(totals).fetch(gradientNorm)::result)) {
      TFloat64 all = (TFloat64) result.get(0);
      return new StepOutcome(
          outcome(all).withGradientNorm(((TFloat32) result.get(1)).getFloat()),
          new Moment(all.getDouble(3) > 0, all.getDouble(4)));
    }
  }

  /** The sum over all processes of what each has found in an evaluation. */
  BatchOutcome evaluation(Session session, BatchOutcome own) {
    try (Run run = new Run(session)) {
      run.feed(ownEvaluation, TFloat64.vectorOf(own.lossSum(), own.correct(), own.count()));
      try (Result result = group.together(run.fetch(evaluation)::result)) {
        return outcome((TFloat64) result.get(0));
      }
    }
  }

  private static BatchOutcome outcome(TFloat64 totals) {
    return new BatchOutcome(
        totals.getDouble(0), (int) totals.getDouble(1), (int) totals.getDouble(2), Double.NaN);
  }

  /** Gradients of the mean loss that have been accumulated, by weight. */
  Map<String, float[]> gradients(Session session, BatchOutcome own) {
    Map<String, float[]> found = new LinkedHashMap<>();
    try (Run run = new Run(session)) {
      feed(run, own, Moment.START);
      meanGradients.values().forEach(run::fetch);
      try (Result result = group.together(run::result)) {
        for (Weight weight : meanGradients.keySet()) {
          float[] gradient = new float[weight.size()];
          ((TFloat32) result.get(found.size())).copyTo(DataBuffers.of(gradient));
          found.put(weight.name(), gradient);
        }
      }
    }
    return found;
  }

  private void feed(Run run, BatchOutcome own, Moment moment) {
    run.feed(
        ownTotals,
        TFloat64.vectorOf(
            own.lossSum(),
            own.correct(),
            own.count(),
            moment.stopRequested() ? 1 : 0,
            moment.elapsedSeconds()));
  }
}
