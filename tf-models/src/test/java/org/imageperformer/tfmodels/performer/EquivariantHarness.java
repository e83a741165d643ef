package org.imageperformer.tfmodels.performer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** An EquivariantPerformer in a session of its own, with the states of its blocks. */
final class EquivariantHarness implements AutoCloseable {
  private final long[] imageShape;
  private final int imageSize;
  private final Graph graph = new Graph();
  private final CompiledFunctions compiled = new CompiledFunctions();
  private final Weights weights = new Weights();
  private final VariableWeights variables;
  private final Session session;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TInt64> noise;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> trainedLogits;
  private final Operand<TFloat32> loss;
  private final List<Operand<TFloat32>> states = new ArrayList<>();
  private final Map<Weight, Operand<TFloat32>> gradients;

  EquivariantHarness(
      ModelSpec spec, PassOptions options, Function<Weights, EquivariantPerformer> create) {
    ImageShape shape = spec.shape();
    this.imageShape = new long[] {-1, shape.height(), shape.width(), shape.channels()};
    this.imageSize = shape.pixels() * shape.channels();
    Ops tf = Ops.create(graph);
    EquivariantPerformer model = create.apply(weights);
    variables = new VariableWeights(tf, weights);
    images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(imageShape)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    noise = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    Pass inference = Pass.inference(graph, tf, variables, options);
    logits = model.logits(inference, inference.constant(images)).operand();
    model
        .states(inference, inference.constant(images))
        .forEach(state -> states.add(state.pixels().operand()));
    Pass training = Pass.training(graph, tf, variables, options, noise, compiled);
    Value trained = model.logits(training, training.constant(images));
    trainedLogits = trained.operand();
    Value total =
        training.apply(
            trained,
            x ->
                tf.math.mean(
                    tf.nn
                        .softmaxCrossEntropyWithLogits(
                            x,
                            tf.oneHot(
                                labels,
                                tf.constant(spec.classes()),
                                tf.constant(1f),
                                tf.constant(0f)))
                        .loss(),
                    tf.constant(0)));
    loss = total.operand();
    gradients = training.gradients(total, weights.of(Weight.Role.TRAINED));
    session = new Session(graph);
    variables.assign(session, weights.initialValues(1));
  }

  Weights weights() {
    return weights;
  }

  void assign(Map<String, float[]> values) {
    variables.assign(session, values);
  }

  /** Values away from the initial ones by normal deviates of that size. */
  Map<String, float[]> randomValues(long seed, double spread) {
    RandomGenerator random = RandomStreams.stream(seed, "test weights", 0);
    Map<String, float[]> values = new HashMap<>(weights.initialValues(seed));
    for (Weight weight : weights.of(Weight.Role.TRAINED)) {
      float[] value = values.get(weight.name());
      for (int i = 0; i < value.length; i++) {
        value[i] += (float) (spread * random.nextGaussian());
      }
    }
    return values;
  }

  /** [image][class], of the pass for inference. */
  float[][] logits(float[] of) {
    return fetch(of, logits);
  }

  /** [image][class], of the pass for training. */
  float[][] trainedLogits(float[] of) {
    return fetch(of, trainedLogits);
  }

  /** The pixels after the embedding and after each block but the last, [image][pixel * dim]. */
  List<float[][]> states(float[] of) {
    return states.subList(0, states.size() - 1).stream().map(state -> fetch(of, state)).toList();
  }

  private float[][] fetch(float[] of, Operand<TFloat32> what) {
    int count = of.length / imageSize;
    try (TFloat32 in = tensor(of);
        TInt64 key = TInt64.vectorOf(3, 5);
        Result result = session.runner().feed(images, in).feed(noise, key).fetch(what).run()) {
      float[] flat = flat(result.get(0));
      float[][] found = new float[count][flat.length / count];
      for (int i = 0; i < count; i++) {
        System.arraycopy(flat, i * found[i].length, found[i], 0, found[i].length);
      }
      return found;
    }
  }

  /** The loss under "loss", and the gradients by their weights' names. */
  Map<String, float[]> gradients(float[] of, int[] classes) {
    List<Weight> wanted = List.copyOf(gradients.keySet());
    try (TFloat32 in = tensor(of);
        TInt32 ofImages = TInt32.vectorOf(classes);
        TInt64 key = TInt64.vectorOf(3, 5)) {
      Session.Runner runner =
          session.runner().feed(images, in).feed(labels, ofImages).feed(noise, key).fetch(loss);
      wanted.forEach(weight -> runner.fetch(gradients.get(weight)));
      try (Result result = runner.run()) {
        Map<String, float[]> found = new LinkedHashMap<>();
        found.put("loss", flat(result.get(0)));
        for (int i = 0; i < wanted.size(); i++) {
          found.put(wanted.get(i).name(), flat(result.get(i + 1)));
        }
        return found;
      }
    }
  }

  private TFloat32 tensor(float[] of) {
    long[] shape = imageShape.clone();
    shape[0] = of.length / imageSize;
    return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(of));
  }

  private static float[] flat(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    ((TFloat32) tensor).copyTo(DataBuffers.of(values));
    return values;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    compiled.close();
  }
}
