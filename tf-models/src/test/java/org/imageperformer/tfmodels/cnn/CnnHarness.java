package org.imageperformer.tfmodels.cnn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Run;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A network with the weights and images of a golden case in a session of its own. What is large
 * stays in the graph: of gradients no more is fetched than is asked for.
 */
final class CnnHarness implements AutoCloseable {

  /** Elements whose squares are added at once. */
  private static final int PART = 1 << 20;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final CompiledFunctions compiled = new CompiledFunctions();
  private final Weights weights = new Weights();
  private final GoldenCnn golden;
  private final List<Weight> trained;
  private final VariableWeights variables;
  private final Placeholder<TFloat32> pixels;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> trainingLogits;
  private final Operand<TFloat32> loss;
  private final Map<Weight, Operand<TFloat32>> gradients;
  private final Map<Weight, Operand<TFloat32>> updates;
  private final List<Operand<TFloat32>> norms = new ArrayList<>();
  private final List<Operand<TFloat32>> elements = new ArrayList<>();
  private final Session session;

  CnnHarness(ModelSpec spec, GoldenCnn golden, PassOptions options) {
    this.golden = golden;
    ImageModel model = spec.create(weights);
    trained = golden.trained(weights);
    variables = new VariableWeights(tf, weights);
    pixels =
        tf.placeholder(
            TFloat32.class,
            Placeholder.shape(
                Shape.of(
                    -1, spec.shape().height(), spec.shape().width(), spec.shape().channels())));
    Pass inference = Pass.inference(graph, tf, variables, options);
    logits = model.logits(inference, inference.constant(pixels)).operand();
    Pass training =
        Pass.training(graph, tf, variables, options, tf.constant(new long[] {3, 5}), compiled);
    Value found = model.logits(training, training.constant(pixels));
    trainingLogits = found.operand();
    Value mean =
        training.apply(
            found,
            x ->
                tf.math.mean(
                    tf.nn
                        .softmaxCrossEntropyWithLogits(
                            x,
                            tf.oneHot(
                                tf.constant(
                                    golden.labels().stream().mapToInt(Integer::intValue).toArray()),
                                tf.constant(spec.classes()),
                                tf.constant(1f),
                                tf.constant(0f)))
                        .loss(),
                    tf.constant(0)));
    loss = mean.operand();
    gradients = training.gradients(mean, trained);
    updates = training.updates();
    for (int i = 0; i < trained.size(); i++) {
      Weight weight = trained.get(i);
      Operand<TFloat32> gradient = gradients.get(weight);
      norms.add(norm(gradient, weight.size()));
      elements.add(
          tf.gather(
              tf.reshape(gradient, Dims.of(tf, -1)),
              tf.constant(compared(weight, i)),
              tf.constant(0)));
    }
    session = new Session(graph);
    for (int i = 0; i < trained.size(); i++) {
      variables.assign(session, Map.of(trained.get(i).name(), golden.values(trained.get(i), i)));
    }
    Map<String, float[]> initial = new LinkedHashMap<>();
    for (Weight state : weights.of(Weight.Role.STATE)) {
      initial.put(state.name(), state.initializer().values(state.size(), null));
    }
    assign(initial);
  }

  /** Part by part: a float32 sum of a hundred million squares is off by half a percent. */
  private Operand<TFloat32> norm(Operand<TFloat32> gradient, int size) {
    Operand<TFloat32> flat = tf.reshape(gradient, Dims.of(tf, -1));
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (int from = 0; from < size; from += PART) {
      int count = Math.min(PART, size - from);
      parts.add(tf.nn.l2Loss(tf.slice(flat, Dims.of(tf, from), Dims.of(tf, count))));
    }
    return tf.math.sqrt(tf.math.mul(tf.math.addN(parts), tf.constant(2f)));
  }

  /** Where the first and last elements of theirs stand in one of our weights. */
  private int[] compared(Weight weight, int index) {
    GoldenCnn.Parameter parameter = golden.weights().get(index);
    GoldenCnn.Summary summary = golden.gradients().get(parameter.name());
    int first = summary.first().size();
    int[] places = new int[first + summary.last().size()];
    for (int i = 0; i < places.length; i++) {
      int element = i < first ? i : weight.size() - places.length + i;
      places[i] = GoldenCnn.place(weight, parameter.shape(), element);
    }
    return places;
  }

  List<Weight> trained() {
    return trained;
  }

  List<Weight> states() {
    return weights.of(Weight.Role.STATE);
  }

  /** [batch * classes], in inference. */
  float[] logits() {
    return run(List.of(logits)).get(0);
  }

  /** Loss, logits of training, norms of gradients, some of their elements, and states. */
  Outcome trainingPass() {
    List<Operand<TFloat32>> wanted = new ArrayList<>(List.of(loss, trainingLogits));
    wanted.addAll(norms);
    wanted.addAll(elements);
    states().forEach(state -> wanted.add(updates.get(state)));
    List<float[]> found = run(wanted);
    int count = trained.size();
    return new Outcome(
        found.get(0)[0],
        found.subList(1, 2),
        found.subList(2, 2 + count),
        found.subList(2 + count, 2 + 2 * count),
        found.subList(2 + 2 * count, found.size()));
  }

  /**
   * What one pass of training gives.
   *
   * @param logits of it, [batch * classes]
   * @param norms of the gradients by the trained weights, each of one element
   * @param elements of these gradients, the first and last of PyTorch's
   * @param states what they become
   */
  record Outcome(
      float loss,
      List<float[]> logits,
      List<float[]> norms,
      List<float[]> elements,
      List<float[]> states) {}

  /** Sets states to what a pass of training makes of them. */
  void keepStates() {
    List<float[]> found =
        states().isEmpty() ? List.of() : run(states().stream().map(updates::get).toList());
    Map<String, float[]> values = new LinkedHashMap<>();
    for (int i = 0; i < found.size(); i++) {
      values.put(states().get(i).name(), found.get(i));
    }
    assign(values);
  }

  /** The loss, and after it the gradients and what states become. */
  List<float[]> step() {
    List<Operand<TFloat32>> wanted = new ArrayList<>(List.of(loss));
    trained.forEach(weight -> wanted.add(gradients.get(weight)));
    states().forEach(state -> wanted.add(updates.get(state)));
    return run(wanted);
  }

  Map<String, float[]> values() {
    return variables.values(session);
  }

  void assign(Map<String, float[]> values) {
    if (!values.isEmpty()) {
      variables.assign(session, values);
    }
  }

  private List<float[]> run(Collection<Operand<TFloat32>> wanted) {
    try (Run run = new Run(session)) {
      float[] images = golden.pixels();
      Shape shape = pixels.shape();
      long size = shape.get(1) * shape.get(2) * shape.get(3);
      run.feed(
          pixels,
          TFloat32.tensorOf(
              Shape.of(images.length / size, shape.get(1), shape.get(2), shape.get(3)),
              DataBuffers.of(images)));
      wanted.forEach(run::fetch);
      List<float[]> found = new ArrayList<>();
      try (Result result = run.result()) {
        for (int i = 0; i < wanted.size(); i++) {
          TFloat32 tensor = (TFloat32) result.get(i);
          float[] values = new float[Math.toIntExact(tensor.shape().size())];
          tensor.copyTo(DataBuffers.of(values));
          found.add(values);
        }
      }
      return found;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    compiled.close();
  }
}
