package org.imageperformer.training.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Run;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * A model with its optimizer in a session. A step is made of runs that add gradients to
 * accumulators, as many as the batch needs, and one run that applies them: memory is bounded by the
 * chunk and not by the batch, and no weight moves before all gradients are there.
 *
 * <p>Not thread-safe. Owns the graph, the session and their native memory.
 */
public final class TrainingGraph implements AutoCloseable {

  /** Prefix of the optimizer's state in a checkpoint. */
  static final String MOMENTS = "adam/";

  /** Prefixes of the moments of a weight. */
  static final String FIRST_MOMENT = MOMENTS + "m/";

  static final String SECOND_MOMENT = MOMENTS + "v/";

  private final ModelSpec spec;
  private final EngineOptions options;
  private final boolean coupled;
  private final Weights weights = new Weights();
  private final List<Weight> trained;
  private final VariableWeights variables;
  private final List<Tower> towers = new ArrayList<>();

  /** Whether trainings (true) and evaluations (false) have been run. */
  private final Set<Boolean> prepared = new HashSet<>();

  private final Lanes lanes;
  private final Adam adam;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TFloat32> clipNorm;
  private final Operand<TFloat32> gradientNorm;
  private final Map<Weight, Operand<TFloat32>> meanGradients = new LinkedHashMap<>();
  private final Op update;
  private final List<Op> clearAfterUpdate;
  private final List<Op> clear;
  private final StateFiles files;
  private final Graph graph = new Graph();
  private final Graph placed;
  private final CompiledFunctions compiled = new CompiledFunctions();
  private final Session session;

  /**
   * Builds the graph and starts its session. Weights have no values until {@link #assign} or {@link
   * #restore}.
   *
   * @throws IllegalArgumentException if a batch may not be divided (its images are coupled) but the
   *     options divide it
   */
  public TrainingGraph(ModelSpec spec, PixelScaling scaling, EngineOptions options) {
    ImageModel model = spec.create(weights);
    coupled = model.traits().coupling().isPresent();
    if (coupled && options.towers() * options.lanes() > 1) {
      throw new IllegalArgumentException(
          model.traits().coupling().get()
              + " ties the images of a batch together: use one tower with one lane,"
              + " not "
              + options.towers()
              + " with "
              + options.lanes());
    }
    this.spec = spec;
    this.options = options;
    Ops tf = Ops.create(graph);
    trained = weights.of(Weight.Role.TRAINED);
    variables = new VariableWeights(tf, weights);
    for (int i = 0; i < options.towers(); i++) {
      towers.add(
          new Tower(
              graph,
              tf.withSubScope(options.tower(i)),
              model,
              spec,
              scaling,
              variables,
              trained,
              options.pass(),
              compiled,
              options.lanes()));
    }
    lanes = new Lanes(options.towers() * options.lanes());

    Ops updating = tf.withSubScope("update");
    images = scalar(updating, "images");
    clipNorm = scalar(updating, "clip_norm");
    gradientNorm = meanGradients(updating);
    adam = new Adam(graph);
    update = clippedUpdate(updating);
    clearAfterUpdate = clear(updating.withControlDependencies(List.of(update)));
    clear = clear(updating);
    files = new StateFiles(tf.withSubScope("state"), state());
    placed = options.towers() == 1 ? graph : placed(graph, options);
    session = new Session(placed, configuration(options));
    session.initialize();
  }

  /**
   * A copy of a graph with every tower on its device. Devices cannot be given while the graph is
   * built, since {@code addGradients} adds operations without one.
   */
  private static Graph placed(Graph graph, EngineOptions options) {
    GraphDef.Builder definition = graph.toGraphDef().toBuilder();
    for (NodeDef.Builder node : definition.getNodeBuilderList()) {
      for (int i = 0; i < options.towers(); i++) {
        if (node.getName().startsWith(options.tower(i) + "/")) {
          node.setDevice(options.device(i));
        }
      }
    }
    Graph placed = new Graph();
    placed.importGraphDef(definition.build());
    return placed;
  }

  private static Placeholder<TFloat32> scalar(Ops tf, String name) {
    return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
  }

  /** Adds the gradients of the mean loss; returns their global norm, a scalar. */
  private Operand<TFloat32> meanGradients(Ops tf) {
    List<Operand<TFloat32>> squares = new ArrayList<>();
    for (Weight weight : trained) {
      List<Operand<TFloat32>> parts = new ArrayList<>();
      towers.forEach(tower -> parts.add(tf.sum(tower.accumulator(weight), tf.constant(0))));
      Operand<TFloat32> sum = parts.size() == 1 ? parts.get(0) : tf.math.addN(parts);
      Operand<TFloat32> mean = tf.math.div(sum, images);
      meanGradients.put(weight, mean);
      squares.add(tf.nn.l2Loss(mean));
    }
    return tf.math.sqrt(tf.math.mul(tf.math.addN(squares), tf.constant(2f)));
  }

  /** All gradients times min(1, clip / (norm + 1e-6)), into Adam (models.md section 6). */
  private Op clippedUpdate(Ops tf) {
    Operand<TFloat32> factor =
        tf.math.minimum(
            tf.constant(1f), tf.math.div(clipNorm, tf.math.add(gradientNorm, tf.constant(1e-6f))));
    List<Optimizer.GradAndVar<?>> updates = new ArrayList<>();
    for (Weight weight : trained) {
      Output<TFloat32> gradient = tf.math.mul(meanGradients.get(weight), factor).asOutput();
      updates.add(new Optimizer.GradAndVar<>(gradient, variables.variable(weight).asOutput()));
    }
    return adam.applyGradients(updates, "apply");
  }

  /** Sets all accumulators to zero. */
  private List<Op> clear(Ops tf) {
    List<Op> ops = new ArrayList<>();
    for (Weight weight : trained) {
      for (Tower tower : towers) {
        Variable<TFloat32> accumulator = tower.accumulator(weight);
        long[] shape = accumulator.shape().asArray();
        ops.add(tf.assign(accumulator, tf.fill(tf.constant(shape), tf.constant(0f))));
      }
    }
    return ops;
  }

  /** Every variable of the training state by its name in a checkpoint. */
  private Map<String, Variable<TFloat32>> state() {
    Map<String, Variable<TFloat32>> state = new LinkedHashMap<>();
    for (Weight weight : weights.all()) {
      state.put(weight.name(), variables.variable(weight));
    }
    for (Weight weight : trained) {
      Output<TFloat32> variable = variables.variable(weight).asOutput();
      state.put(FIRST_MOMENT + weight.name(), adam.firstMoment(variable));
      state.put(SECOND_MOMENT + weight.name(), adam.secondMoment(variable));
    }
    return state;
  }

  static ConfigProto configuration(EngineOptions options) {
    return ConfigProto.newBuilder()
        .putDeviceCount("CPU", options.gpu() == GpuUse.NONE ? options.towers() : 1)
        .setIntraOpParallelismThreads(options.intraOpThreads())
        .setInterOpParallelismThreads(options.interOpThreads())
        .setUsePerSessionThreads(true)
        .mergeFrom(options.gpu().configuration())
        .build();
  }

  /** What the session runs. */
  GraphDef definition() {
    return placed.toGraphDef();
  }

  /** The model's weights: names, shapes, roles. */
  public Weights weights() {
    return weights;
  }

  /** Sets weights; the optimizer's moments stay. */
  public void assign(Map<String, float[]> values) {
    variables.assign(session, values);
  }

  /** All weights' values by name. */
  public Map<String, float[]> values() {
    return variables.values(session);
  }

  /**
   * Takes one optimizer step.
   *
   * @param batch images and labels
   * @param noiseKey the key of this step's dropout masks
   * @param step steps taken before
   * @param learningRate of this step
   * @param clip largest global norm of the gradients; infinite for none
   * @return what the model made of the batch before the step
   */
  public BatchOutcome step(
      ImageBatch batch, long noiseKey, long step, double learningRate, double clip) {
    BatchOutcome outcome = accumulate(batch, noiseKey);
    return outcome.withGradientNorm(apply(batch.size(), step, learningRate, clip));
  }

  private BatchOutcome accumulate(ImageBatch batch, long noiseKey) {
    return run(batch, Optional.of(noiseKey));
  }

  /** Runs the model forward over a batch, without dropout. */
  public BatchOutcome evaluate(ImageBatch batch) {
    return run(batch, Optional.empty());
  }

  /** Goes through the batch chunk by chunk; each lane takes the chunks that are its own. */
  private BatchOutcome run(ImageBatch batch, Optional<Long> noiseKey) {
    int chunk = coupled ? batch.size() : options.chunk();
    IntFunction<BatchOutcome> part =
        lane -> {
          double loss = 0;
          int correct = 0;
          for (int index = lane; index * chunk < batch.size(); index += lanes.count()) {
            int from = index * chunk;
            int to = Math.min(from + chunk, batch.size());
            BatchOutcome outcome = run(batch, from, to, lane, index, noiseKey);
            loss += outcome.lossSum();
            correct += outcome.correct();
          }
          return new BatchOutcome(loss, correct, batch.size(), Double.NaN);
        };
    // TensorFlow prepares a run when it comes for the first time; lanes at the same time would each
    // have it prepared, and compiled, for themselves.
    boolean first = prepared.add(noiseKey.isPresent());
    List<BatchOutcome> outcomes = first ? lanes.runInTurn(part) : lanes.run(part);
    return new BatchOutcome(
        outcomes.stream().mapToDouble(BatchOutcome::lossSum).sum(),
        outcomes.stream().mapToInt(BatchOutcome::correct).sum(),
        batch.size(),
        Double.NaN);
  }

  private BatchOutcome run(
      ImageBatch batch, int from, int to, int lane, int chunk, Optional<Long> noiseKey) {
    Tower tower = towers.get(lane % towers.size());
    try (Run run = new Run(session)) {
      batch.feed(run, tower, from, to);
      if (noiseKey.isPresent()) {
        run.feed(tower.noise(), TInt64.vectorOf(noiseKey.get(), chunk));
        run.feed(tower.lane(), TInt32.scalarOf(lane / towers.size()));
        tower.accumulate().forEach(run::target);
      }
      Tower.Outcome outcome = noiseKey.isPresent() ? tower.training() : tower.evaluation();
      try (Result result = run.fetch(outcome.loss()).fetch(outcome.correct()).result()) {
        return new BatchOutcome(
            ((TFloat32) result.get(0)).getFloat(),
            ((TInt32) result.get(1)).getInt(),
            to - from,
            Double.NaN);
      }
    }
  }

  /** Applies and clears the accumulated gradients; returns their norm before clipping. */
  private double apply(int count, long step, double learningRate, double clip) {
    try (Run run = new Run(session)) {
      adam.feed(run, step, learningRate);
      run.feed(images, TFloat32.scalarOf(count));
      run.feed(clipNorm, TFloat32.scalarOf((float) clip));
      run.target(update);
      clearAfterUpdate.forEach(run::target);
      try (Result result = run.fetch(gradientNorm).result()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  /**
   * Logits of a batch that is not divided, without dropout.
   *
   * @return [image][class]
   */
  public float[][] logits(ImageBatch batch) {
    Tower tower = towers.get(0);
    try (Run run = new Run(session)) {
      batch.feed(run, tower, 0, batch.size());
      try (Result result = run.fetch(tower.logits()).result()) {
        return rows(result.get(0), batch.size(), spec.classes());
      }
    }
  }

  /** Gradients of a batch's mean loss by weight, without a step. */
  public Map<String, float[]> gradients(ImageBatch batch, long noiseKey) {
    accumulate(batch, noiseKey);
    Map<String, float[]> found = new LinkedHashMap<>();
    try (Run run = new Run(session)) {
      run.feed(images, TFloat32.scalarOf(batch.size()));
      trained.forEach(weight -> run.fetch(meanGradients.get(weight)));
      try (Result result = run.result()) {
        for (int i = 0; i < trained.size(); i++) {
          found.put(trained.get(i).name(), rows(result.get(i), 1, trained.get(i).size())[0]);
        }
      }
    }
    try (Run run = new Run(session)) {
      clear.forEach(run::target);
      run.execute();
    }
    return found;
  }

  private static float[][] rows(Tensor tensor, int rows, int columns) {
    float[] flat = new float[rows * columns];
    ((TFloat32) tensor).copyTo(DataBuffers.of(flat));
    float[][] found = new float[rows][columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(flat, row * columns, found[row], 0, columns);
    }
    return found;
  }

  /** Draws initial values of all weights, and zero moments. */
  public void initialize(long seed) {
    session.forceInitialize();
    assign(weights.initialValues(seed));
  }

  /** The key of a step's dropout masks. */
  public static long noiseKey(long seed, long step) {
    return RandomStreams.key(seed, "dropout masks", step);
  }

  /** Writes weights and moments into an existing, empty directory. */
  public void save(Path directory) {
    files.save(session, directory);
  }

  /**
   * Reads weights and moments.
   *
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing all that does not
   *     fit
   */
  public void restore(Path directory) {
    files.restore(session, directory, name -> true);
  }

  /**
   * Reads weights alone.
   *
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing all that does not
   *     fit
   */
  public void restoreWeights(Path directory) {
    files.restore(session, directory, name -> !name.startsWith(MOMENTS));
  }

  @Override
  public void close() {
    lanes.close();
    session.close();
    placed.close();
    graph.close();
    compiled.close();
  }
}
