package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.EmbeddingType;
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

/** A model in a session of its own, for tests: owns graph and session, runs, fetches, closes. */
final class ModelHarness implements AutoCloseable {

  /** What one run of the training pass gives. */
  record Gradients(float loss, Map<String, float[]> byWeight) {}

  private final ModelConfig config;
  private final Graph graph = new Graph();
  private final CompiledFunctions compiled = new CompiledFunctions();
  private final Weights weights = new Weights();
  private final VariableWeights variables;
  private final Session session;
  private final Placeholder<TFloat32> pixels;
  private final Placeholder<TFloat32> offset;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TInt64> noise;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;
  private final Map<Weight, Operand<TFloat32>> gradients;

  ModelHarness(ModelConfig config, PassOptions options, long seed) {
    this.config = config;
    Ops tf = Ops.create(graph);
    ImageModel model = ImageModel.create(weights, config);
    variables = new VariableWeights(tf, weights);
    pixels =
        tf.placeholder(
            TFloat32.class,
            Placeholder.shape(Shape.of(-1, config.height(), config.width(), config.channels())));
    offset = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    noise = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    Operand<TFloat32> coordinates =
        tf.math.add(PixelGrid.coordinates(tf, config.height(), config.width()), offset);

    Pass inference = Pass.inference(graph, tf, variables, options);
    logits = model.logits(inference, pixels, coordinates).operand();

    Pass training = Pass.training(graph, tf, variables, options, noise, compiled);
    Value trained = model.logits(training, pixels, coordinates);
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
                                tf.constant(config.numClasses()),
                                tf.constant(1f),
                                tf.constant(0f)))
                        .loss(),
                    tf.constant(0)));
    loss = total.operand();
    gradients = training.gradients(total, weights.of(Weight.Role.TRAINED));
    session = new Session(graph);
    variables.assign(session, weights.initialValues(seed));
  }

  Weights weights() {
    return weights;
  }

  Map<String, float[]> values() {
    return variables.values(session);
  }

  void assign(Map<String, float[]> values) {
    variables.assign(session, values);
  }

  /** Logits of images with pixels at their own positions, [image][class]. */
  float[][] logits(float[] images) {
    return logits(images, 0, 0);
  }

  /** Logits with every position moved. */
  float[][] logits(float[] images, float rows, float columns) {
    int count = images.length / imageSize();
    try (TFloat32 in = imageTensor(images);
        TFloat32 moved = TFloat32.vectorOf(rows, columns);
        Result result = session.runner().feed(pixels, in).feed(offset, moved).fetch(logits).run()) {
      float[] flat = flat(result.get(0));
      float[][] found = new float[count][config.numClasses()];
      for (int i = 0; i < count; i++) {
        System.arraycopy(flat, i * config.numClasses(), found[i], 0, config.numClasses());
      }
      return found;
    }
  }

  /** Loss and gradients of the training pass. */
  Gradients gradients(float[] images, int[] ofImages) {
    List<Weight> wanted = new ArrayList<>(gradients.keySet());
    try (TFloat32 in = imageTensor(images);
        TFloat32 moved = TFloat32.vectorOf(0, 0);
        TInt32 classes = TInt32.vectorOf(ofImages);
        TInt64 key = TInt64.vectorOf(3, 5)) {
      Session.Runner runner =
          session
              .runner()
              .feed(pixels, in)
              .feed(offset, moved)
              .feed(labels, classes)
              .feed(noise, key)
              .fetch(loss);
      wanted.forEach(weight -> runner.fetch(gradients.get(weight)));
      try (Result result = runner.run()) {
        Map<String, float[]> found = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
          found.put(wanted.get(i).name(), flat(result.get(i + 1)));
        }
        return new Gradients(flat(result.get(0))[0], found);
      }
    }
  }

  /** Loss of the training pass, in double from its logits for the sake of finite differences. */
  double loss(float[] images, int[] ofImages) {
    float[][] found = logits(images);
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (float logit : found[i]) {
        largest = Math.max(largest, logit);
      }
      double total = 0;
      for (float logit : found[i]) {
        total += Math.exp(logit - largest);
      }
      sum += largest + Math.log(total) - found[i][ofImages[i]];
    }
    return sum / found.length;
  }

  /** Images of uniform noise. */
  float[] randomImages(int count, long seed) {
    RandomGenerator random = RandomStreams.stream(seed, "test images", 0);
    float[] images = new float[count * imageSize()];
    for (int i = 0; i < images.length; i++) {
      images[i] =
          config.embeddingType() == EmbeddingType.LOOKUP ? random.nextInt(256) : random.nextFloat();
    }
    return images;
  }

  private int imageSize() {
    return config.height() * config.width() * config.channels();
  }

  private TFloat32 imageTensor(float[] images) {
    return TFloat32.tensorOf(
        Shape.of(images.length / imageSize(), config.height(), config.width(), config.channels()),
        DataBuffers.of(images));
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
