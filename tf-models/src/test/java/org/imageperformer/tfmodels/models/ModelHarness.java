package org.imageperformer.tfmodels.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.graph.PassOptions.Precision;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
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
public final class ModelHarness implements AutoCloseable {

  public static final PassOptions PLAIN = PassOptions.PLAIN;
  public static final PassOptions FAST = new PassOptions(Kernels.FAST, Precision.FP32);

  private static final long[] NOISE = {3, 5};

  /** What one run of the training pass gives. */
  public record Gradients(float loss, Map<String, float[]> byWeight) {}

  private final ModelSpec spec;
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
  private final Operand<TFloat32> trainingLogits;
  private final Operand<TFloat32> loss;
  private final Map<Weight, Operand<TFloat32>> gradients;

  public ModelHarness(ModelSpec spec, PassOptions options, long seed) {
    this.spec = spec;
    Ops tf = Ops.create(graph);
    ImageModel model = spec.create(weights);
    variables = new VariableWeights(tf, weights);
    pixels =
        tf.placeholder(
            TFloat32.class,
            Placeholder.shape(
                Shape.of(
                    -1, spec.shape().height(), spec.shape().width(), spec.shape().channels())));
    offset = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    noise = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    Pass inference = Pass.inference(graph, tf, variables, options);
    logits = logits(model, inference).operand();

    Pass training = Pass.training(graph, tf, variables, options, noise, compiled);
    Value trained = logits(model, training);
    trainingLogits = trained.operand();
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
    variables.assign(session, weights.initialValues(seed));
  }

  private Value logits(ImageModel model, Pass pass) {
    Value grid = PixelGrid.coordinates(pass, spec.shape().height(), spec.shape().width());
    return model.logits(
        pass, pass.constant(pixels), pass.constant(pass.tf().math.add(grid.operand(), offset)));
  }

  public Weights weights() {
    return weights;
  }

  public Map<String, float[]> values() {
    return variables.values(session);
  }

  public void assign(Map<String, float[]> values) {
    variables.assign(session, values);
  }

  /** Logits of images with pixels at their own positions, [image][class]. */
  public float[][] logits(float[] images) {
    return logits(images, 0, 0);
  }

  /** Logits with every position moved. */
  public float[][] logits(float[] images, float rows, float columns) {
    return run(logits, images, rows, columns);
  }

  private float[][] run(Operand<TFloat32> wanted, float[] images, float rows, float columns) {
    int count = images.length / imageSize();
    try (TFloat32 in = imageTensor(images);
        TFloat32 moved = TFloat32.vectorOf(rows, columns);
        TInt64 key = TInt64.vectorOf(NOISE);
        Result result =
            session
                .runner()
                .feed(pixels, in)
                .feed(offset, moved)
                .feed(noise, key)
                .fetch(wanted)
                .run()) {
      float[] flat = flat(result.get(0));
      float[][] found = new float[count][spec.classes()];
      for (int i = 0; i < count; i++) {
        System.arraycopy(flat, i * spec.classes(), found[i], 0, spec.classes());
      }
      return found;
    }
  }

  /** Loss and gradients of the training pass. */
  public Gradients gradients(float[] images, int[] ofImages) {
    List<Weight> wanted = new ArrayList<>(gradients.keySet());
    try (TFloat32 in = imageTensor(images);
        TFloat32 moved = TFloat32.vectorOf(0, 0);
        TInt32 classes = TInt32.vectorOf(ofImages);
        TInt64 key = TInt64.vectorOf(NOISE)) {
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
  public double loss(float[] images, int[] ofImages) {
    float[][] found = run(trainingLogits, images, 0, 0);
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
  public float[] randomImages(int count, long seed) {
    RandomGenerator random = RandomStreams.stream(seed, "test images", 0);
    float[] images = new float[count * imageSize()];
    for (int i = 0; i < images.length; i++) {
      images[i] = spec.outline().traits().rawPixels() ? random.nextInt(256) : random.nextFloat();
    }
    return images;
  }

  /** One of several images. */
  public static float[] one(float[] images, int image, int count) {
    int size = images.length / count;
    return Arrays.copyOfRange(images, image * size, (image + 1) * size);
  }

  public static float largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /**
   * Larger queries and keys, as after long training: maxima then differ so much between images that
   * it shows over which of them a maximum was taken.
   */
  public void sharpen() {
    Map<String, float[]> values = values();
    values.forEach(
        (name, value) -> {
          if (name.endsWith("query/kernel") || name.endsWith("key/kernel")) {
            for (int i = 0; i < value.length; i++) {
              value[i] *= 5;
            }
          }
        });
    assign(values);
  }

  private int imageSize() {
    return spec.shape().height() * spec.shape().width() * spec.shape().channels();
  }

  private TFloat32 imageTensor(float[] images) {
    return TFloat32.tensorOf(
        Shape.of(
            images.length / imageSize(),
            spec.shape().height(),
            spec.shape().width(),
            spec.shape().channels()),
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
