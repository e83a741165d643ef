package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.ModelGraph;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ScatterAdd;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * One copy of the model in a training graph: forward for evaluation, and forward and back for
 * training, where gradients of the summed loss are added to accumulators. Those have float64
 * numbers, so that sums do not depend on the order in which runs end up in them, and a row for each
 * lane, so that as many runs can be under way at the same time. Which lane a run belongs to is fed:
 * TensorFlow prepares every combination of operations anew, which takes seconds.
 */
final class Tower {

  /** Loss, summed over the images, and the number of right answers; both scalars. */
  record Outcome(Operand<TFloat32> loss, Operand<TInt32> correct) {}

  private final Placeholder<TUint8> images;
  private final Operand<TFloat32> pixels;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TInt64> noise;
  private final Optional<Placeholder<TInt32>> firstImage;
  private final Operand<TFloat32> logits;
  private final Outcome evaluation;
  private final Outcome training;
  private final Placeholder<TInt32> lane;
  private final Map<Weight, Variable<TFloat64>> accumulators = new LinkedHashMap<>();
  private final Map<Weight, Variable<TFloat32>> nextStates = new LinkedHashMap<>();
  private final List<Op> accumulate = new ArrayList<>();

  Tower(
      ModelGraph graph,
      Ops tf,
      ModelSpec spec,
      ImageModel model,
      PixelScaling scaling,
      VariableWeights variables,
      EngineOptions options) {
    Shape shape =
        Shape.of(-1, spec.shape().height(), spec.shape().width(), spec.shape().channels());
    images = tf.withName("images").placeholder(TUint8.class, Placeholder.shape(shape));
    pixels = tf.withName("pixels").identity(scaling.apply(tf, images));
    labels = tf.withName("labels").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    noise = tf.withName("noise").placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));

    Pass forward = Pass.inference(graph.graph(), tf, variables, options.pass());
    Value predicted = model.logits(forward, forward.constant(pixels));
    logits = predicted.operand();
    evaluation = outcome(forward, predicted, loss(forward, spec.classes(), predicted));

    firstImage =
        options.partial()
            ? Optional.of(
                tf.withName("first_image")
                    .placeholder(TInt32.class, Placeholder.shape(Shape.scalar())))
            : Optional.empty();
    Pass forwardAndBack =
        Pass.training(
            graph.graph(),
            tf,
            variables,
            options.pass(),
            noise,
            firstImage.map(first -> new Pass.Images(first, tf.size(labels))),
            graph.functions());
    Value trainedLogits = model.logits(forwardAndBack, forwardAndBack.constant(pixels));
    Value loss = loss(forwardAndBack, spec.classes(), trainedLogits);
    training = outcome(forwardAndBack, trainedLogits, loss);
    Value objective =
        model
            .penalty(forwardAndBack)
            .map(
                penalty ->
                    forwardAndBack.apply(
                        loss,
                        penalty,
                        (sum, each) ->
                            tf.math.add(
                                sum,
                                tf.math.mul(
                                    each, tf.dtypes.cast(tf.size(labels), TFloat32.class)))))
            .orElse(loss);
    lane = tf.withName("lane").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    accumulate(
        tf.withSubScope("accumulators"),
        forwardAndBack.gradients(objective, graph.weights().of(Weight.Role.TRAINED)),
        options.lanes());
    keep(tf.withSubScope("state"), forwardAndBack.updates());
  }

  private void accumulate(Ops tf, Map<Weight, Operand<TFloat32>> gradients, int lanes) {
    Ops initial = tf.withInitScope();
    gradients.forEach(
        (weight, gradient) -> {
          Shape shape = Shape.of(weight.shape()).prepend(lanes);
          Variable<TFloat64> accumulator = tf.variable(shape, TFloat64.class);
          initial.assign(
              accumulator, initial.fill(initial.constant(shape.asArray()), initial.constant(0d)));
          accumulators.put(weight, accumulator);
          accumulate.add(
              tf.scatterAdd(
                  accumulator,
                  lane,
                  tf.dtypes.cast(gradient, TFloat64.class),
                  ScatterAdd.useLocking(true)));
        });
  }

  /** Next values of state wait aside: a step that fails must leave the state as it was. */
  private void keep(Ops tf, Map<Weight, Operand<TFloat32>> updates) {
    updates.forEach(
        (state, value) -> {
          Variable<TFloat32> next = tf.variable(Shape.of(state.shape()), TFloat32.class);
          nextStates.put(state, next);
          accumulate.add(tf.assign(next, value));
        });
  }

  /** Sum of the images' cross-entropies, a scalar. */
  private Value loss(Pass pass, int classes, Value logits) {
    Ops tf = pass.tf();
    return pass.apply(
        logits,
        x ->
            tf.sum(
                tf.nn
                    .softmaxCrossEntropyWithLogits(
                        x,
                        tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f)))
                    .loss(),
                tf.constant(0)));
  }

  private Outcome outcome(Pass pass, Value logits, Value loss) {
    Ops tf = pass.tf();
    Operand<TInt32> predicted = tf.math.argMax(logits.operand(), tf.constant(1), TInt32.class);
    return new Outcome(
        loss.operand(),
        tf.sum(tf.dtypes.cast(tf.math.equal(predicted, labels), TInt32.class), tf.constant(0)));
  }

  /** Takes bytes, [batch, height, width, channels]. */
  Placeholder<TUint8> images() {
    return images;
  }

  /** What enters the pixel embedding; may be fed in place of the images. */
  Operand<TFloat32> pixels() {
    return pixels;
  }

  /** Takes classes, [batch]. */
  Placeholder<TInt32> labels() {
    return labels;
  }

  /** Takes the key of the dropout masks, [2]. */
  Placeholder<TInt64> noise() {
    return noise;
  }

  /** Takes the number of a run's first image in the batch, where masks follow from images. */
  Optional<Placeholder<TInt32>> firstImage() {
    return firstImage;
  }

  /** [batch, classes], without dropout. */
  Operand<TFloat32> logits() {
    return logits;
  }

  /** Without dropout. */
  Outcome evaluation() {
    return evaluation;
  }

  /** With dropout. */
  Outcome training() {
    return training;
  }

  /** Takes the lane of a run, from 0 on. */
  Placeholder<TInt32> lane() {
    return lane;
  }

  /** Adds a run's gradients to the accumulators of its lane, and keeps its state aside. */
  List<Op> accumulate() {
    return accumulate;
  }

  /** What state weights are to be after the step, in their shapes. */
  Map<Weight, Variable<TFloat32>> nextStates() {
    return nextStates;
  }

  /** The sums of gradients since the last reset, [lanes] and the weight's shape. */
  Variable<TFloat64> accumulator(Weight weight) {
    return accumulators.get(weight);
  }
}
