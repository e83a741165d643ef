package org.imageperformer.tools.equivariance;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.graph.ConstantWeights;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelGrid;
import org.imageperformer.tfmodels.models.Symmetry;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.Scaling;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A model whose pixels can be told that they are elsewhere. Owns native memory. */
public final class MovedModel implements AutoCloseable {
  /** Images at a time, when a prediction does not depend on the others. */
  private static final int CHUNK = 4;

  private final TrainingConfig training;
  private final ModelSpec spec;
  private final Map<String, float[]> values;
  private final int threads;
  private final int chunk;
  private final Weights weights = new Weights();
  private final Graph graph = new Graph();
  private final Session session;
  private final Symmetry symmetry;
  private final boolean readsPositions;
  private final Placeholder<TUint8> images;
  private final Placeholder<TFloat32> offset;
  private final Operand<TFloat32> logits;

  /**
   * @param training what the model is
   * @param values of its weights by name
   * @param threads of the processor
   * @throws IllegalArgumentException if the values do not fit the model
   */
  public MovedModel(TrainingConfig training, Map<String, float[]> values, int threads) {
    this.training = training;
    this.values = Map.copyOf(values);
    this.threads = threads;
    spec = training.spec();
    chunk = training.outline().traits().coupling().isPresent() ? training.get(BATCH_SIZE) : CHUNK;
    Ops tf = Ops.create(graph);
    ImageModel model = spec.create(weights);
    symmetry = model.symmetry();
    images =
        tf.placeholder(
            TUint8.class,
            Placeholder.shape(
                Shape.of(
                    -1, spec.shape().height(), spec.shape().width(), spec.shape().channels())));
    offset = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
    Pass pass = Pass.inference(graph, tf, new ConstantWeights(weights, values), PassOptions.PLAIN);
    Value grid = PixelGrid.coordinates(pass, spec.shape().height(), spec.shape().width());
    logits =
        model
            .logits(
                pass,
                pass.constant(Scaling.of(training).apply(tf, images)),
                pass.constant(tf.math.add(grid.operand(), offset)))
            .operand();
    readsPositions = graph.subgraphTo(Set.of(logits)).contains(offset.op());
    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1)
                .putDeviceCount("GPU", 0)
                .build());
  }

  /**
   * Returns the logits of images whose pixels say that they are elsewhere.
   *
   * @param pictures of the model's size
   * @param rows added to every pixel's row
   * @param columns added to every pixel's column
   * @return [image][class]
   */
  public float[][] logits(ImageSet pictures, int rows, int columns) {
    float[][] all = new float[pictures.size()][];
    for (int from = 0; from < all.length; from += chunk) {
      int to = Math.min(all.length, from + chunk);
      float[] part = logits(pictures, from, to, rows, columns);
      for (int i = from; i < to; i++) {
        all[i] = new float[spec.classes()];
        System.arraycopy(part, (i - from) * spec.classes(), all[i], 0, spec.classes());
      }
    }
    return all;
  }

  /** The turns that the model is made for. */
  public Symmetry symmetry() {
    return symmetry;
  }

  /** Whether the logits depend on the positions of the pixels at all. */
  public boolean readsPositions() {
    return readsPositions;
  }

  /** Whether anything in the model is random, so that other features make another model. */
  public boolean hasRandomFeatures() {
    return !weights.of(Weight.Role.RANDOM_FEATURES).isEmpty();
  }

  /**
   * Creates the same model with other random features, a function of the run's seed and the draw.
   *
   * @param draw which ones, 1 or more; the run's training had none of them
   * @return the caller's to close
   */
  public MovedModel withOtherFeatures(int draw) {
    Map<String, float[]> others = new LinkedHashMap<>(values);
    // Trainings count their redraws upwards.
    others.putAll(weights.redrawnFeatures(training.get(SEED), -draw));
    return new MovedModel(training, others, threads);
  }

  private float[] logits(ImageSet pictures, int from, int to, int rows, int columns) {
    ByteBuffer bytes = ByteBuffer.allocateDirect((to - from) * pictures.imageBytes());
    for (int i = from; i < to; i++) {
      pictures.copyImage(i, bytes);
    }
    Shape shape =
        Shape.of(to - from, spec.shape().height(), spec.shape().width(), spec.shape().channels());
    float[] values = new float[(to - from) * spec.classes()];
    try (TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(bytes.flip()));
        TFloat32 moved = TFloat32.vectorOf(rows, columns);
        Result result =
            session.runner().feed(images, fed).feed(offset, moved).fetch(logits).run()) {
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values));
    }
    return values;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
