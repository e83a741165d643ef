package org.imageperformer.training.engine;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.imageperformer.tfmodels.graph.ModelGraph;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Run;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelOutline;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.Moment;
import org.imageperformer.training.optimizer.Adam;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.types.TFloat32;

/**
 * A model with its optimizer in a session. Not thread-safe. Owns the graph, the session and their
 * native memory.
 */
public final class TrainingGraph implements AutoCloseable {

  private final ModelGraph graph = new ModelGraph();
  private final ProcessGroup group;
  private final int classes;
  private final Share share;
  private final StepGraph operations;
  private final StateFiles files;
  private final Session session;
  private final BatchRunner batches;

  private Optional<Consumer<RunMetadata>> notes = Optional.empty();

  /** Whether the accumulators may hold gradients that no step has applied. */
  private boolean leftovers;

  /** A model under Adam with its default parameters, in one process. */
  public TrainingGraph(ModelSpec spec, PixelScaling scaling, EngineOptions options) {
    this(spec, scaling, options, new Adam(), UpdateParameters.DEFAULT, ProcessGroup.ALONE);
  }

  /**
   * Builds the graph and starts its session. Weights have no values until {@link #assign} or {@link
   * #restore}.
   *
   * @param group the processes of this training
   * @throws IllegalArgumentException if a batch may not be divided (key stabilizer {@code batch},
   *     or running state) but the options divide it
   */
  public TrainingGraph(
      ModelSpec spec,
      PixelScaling scaling,
      EngineOptions options,
      UpdateRule rule,
      UpdateParameters parameters,
      ProcessGroup group) {
    this.group = group;
    share = group.share();
    classes = spec.classes();
    try {
      ImageModel model = spec.create(graph.weights());
      Optional<String> tie =
          new ModelOutline(graph.weights(), model.traits(), model.cost()).coupling();
      if (tie.isPresent() && options.towers() * options.lanes() * share.size() > 1) {
        throw new IllegalArgumentException(
            tie.get()
                + " ties the images of a batch together: use one tower with one lane, not "
                + options.towers()
                + " with "
                + options.lanes()
                + (share.size() > 1 ? " in each of " + share.size() + " processes" : ""));
      }
      operations = new StepGraph(graph, spec, model, scaling, options, rule, parameters, group);
      files =
          new StateFiles(
              graph.tf().withSubScope("state"),
              operations.variables().byName(),
              operations.slots());
      session =
          options.towers() == 1
              ? graph.start(running -> group.start(running, options.configuration()))
              : graph.start(
                  running -> group.start(running, options.configuration()), options::placed);
      session.initialize();
      batches =
          new BatchRunner(
              this::run,
              operations.towers(),
              options.lanes(),
              tie.isPresent() ? Integer.MAX_VALUE : options.chunk(),
              share);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** What the session runs. */
  GraphDef definition() {
    return graph.definition();
  }

  /** The model's weights: names, shapes, roles. */
  public Weights weights() {
    return graph.weights();
  }

  /** Sets weights; what the optimizer keeps stays. */
  public void assign(Map<String, float[]> values) {
    operations.variables().assign(session, values);
  }

  /** All weights' values by name. */
  public Map<String, float[]> values() {
    return operations.variables().values(session);
  }

  /**
   * Takes one optimizer step: accumulates, exchanges, applies. A step that fails leaves nothing
   * behind.
   *
   * @param batch images and labels, of all processes
   * @param noiseKey the key of this step's dropout masks
   * @param step steps taken before
   * @param learningRate of this step
   * @param clip largest global norm of the gradients; infinite for none
   * @return what the model made of the batch before the step
   */
  public BatchOutcome step(
      ImageBatch batch, long noiseKey, long step, double learningRate, double clip) {
    return step(batch, noiseKey, Moment.START, step, learningRate, clip).batch();
  }

  /** The same, for processes that must know when to end. */
  StepOutcome step(
      ImageBatch batch, long noiseKey, Moment moment, long step, double learningRate, double clip) {
    BatchOutcome own = accumulate(batch, noiseKey);
    try (Run run = run()) {
      StepOutcome all = operations.apply(run, own, moment, step, learningRate, clip);
      leftovers = false;
      return all;
    }
  }

  private Run run() {
    Run run = new Run(session);
    notes.ifPresent(run::noting);
    return run;
  }

  /**
   * Has TensorFlow note how long the operations of steps and evaluations take; with one lane only,
   * as it keeps notes of one run at a time.
   *
   * @param listener told after every run, until the work is done
   */
  void profile(Consumer<RunMetadata> listener, Runnable work) {
    notes = Optional.of(listener);
    try {
      work.run();
    } finally {
      notes = Optional.empty();
    }
  }

  private BatchOutcome accumulate(ImageBatch batch, long noiseKey) {
    if (leftovers) {
      operations.clear(session);
    }
    leftovers = true;
    return batches.accumulate(batch, noiseKey);
  }

  /** Runs the model forward over a batch, without dropout. */
  public BatchOutcome evaluate(ImageBatch batch) {
    return batches.evaluate(batch, Share.ALL);
  }

  /** The same over this process's share of a batch. */
  BatchOutcome evaluateShare(ImageBatch batch) {
    return batches.evaluate(batch, share);
  }

  /** The sum over all processes of what each has found in its share. */
  BatchOutcome together(BatchOutcome own) {
    return operations.evaluation(session, own);
  }

  /**
   * Logits of a batch that is not divided, without dropout.
   *
   * @return [image][class]
   */
  public float[][] logits(ImageBatch batch) {
    Tower tower = operations.towers().get(0);
    try (Run run = new Run(session)) {
      batch.feed(run, tower, 0, batch.size());
      try (Result result = run.fetch(tower.logits()).result()) {
        float[][] rows = new float[batch.size()][classes];
        for (int row = 0; row < rows.length; row++) {
          ((TFloat32) result.get(0)).get(row).copyTo(DataBuffers.of(rows[row]));
        }
        return rows;
      }
    }
  }

  /** Gradients of a batch's mean loss by weight, without a step. */
  public Map<String, float[]> gradients(ImageBatch batch, long noiseKey) {
    return operations.gradients(session, accumulate(batch, noiseKey));
  }

  /** Draws initial values of all weights; what the optimizer keeps starts at zero. */
  public void initialize(long seed) {
    session.forceInitialize();
    assign(weights().initialValues(seed));
  }

  /** The key of a step's dropout masks. */
  public static long noiseKey(long seed, long step) {
    return RandomStreams.key(seed, "dropout masks", step);
  }

  /** Writes weights and what the optimizer keeps into an existing, empty directory. */
  public void save(Path directory) {
    files.save(session, directory);
  }

  /**
   * Reads weights and what the optimizer keeps.
   *
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing all that does not
   *     fit
   */
  public void restore(Path directory) {
    files.restore(session, directory);
  }

  /**
   * Reads weights alone.
   *
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing all that does not
   *     fit
   */
  public void restoreWeights(Path directory) {
    files.restoreWeights(session, directory);
  }

  @Override
  public void close() {
    if (!group.stuck()) {
      batches.close();
      graph.close();
    }
  }
}
