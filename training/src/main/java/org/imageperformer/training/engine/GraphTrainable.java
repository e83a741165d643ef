package org.imageperformer.training.engine;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.GRADIENT_CLIP_VAL;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.training.EvaluationProgress;
import org.imageperformer.training.EvaluationResult;
import org.imageperformer.training.Moment;
import org.imageperformer.training.StepResult;
import org.imageperformer.training.Trainable;
import org.imageperformer.training.TrainingConfig;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunMetadata;

/** The model of a training configuration as a TensorFlow graph. */
public final class GraphTrainable implements Trainable {

  private final TrainingGraph graph;
  private final long seed;
  private final double clip;
  private final int evaluationBatch;

  /** Builds the model with its initial weights, for a process on its own. */
  public GraphTrainable(TrainingConfig config) {
    this(config, ProcessGroup.ALONE);
  }

  /** Builds the model with its initial weights, for one process of a group. */
  public GraphTrainable(TrainingConfig config, ProcessGroup group) {
    this.graph =
        new TrainingGraph(
            config.spec(),
            Scaling.of(config),
            Engines.options(config, group.share().size()),
            config.updateRule(),
            config.updateParameters(),
            group);
    double clipVal = config.get(GRADIENT_CLIP_VAL);
    this.seed = config.get(SEED);
    this.clip = clipVal > 0 ? clipVal : Double.POSITIVE_INFINITY;
    this.evaluationBatch = config.get(BATCH_SIZE);
    try {
      graph.initialize(seed);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** What the session of a training needs, of one process of so many. */
  public static ConfigProto sessionConfiguration(TrainingConfig config, int processes) {
    return Engines.options(config, processes).configuration();
  }

  /** All weights' values by name. */
  public Map<String, float[]> values() {
    return graph.values();
  }

  /** Sets all weights; the optimizer starts anew. */
  public void assign(Map<String, float[]> values) {
    graph.weights().requireMatch(values);
    graph.assign(values);
  }

  /**
   * Does work with this model while TensorFlow notes how long each operation takes; of a model with
   * one thread, as it keeps notes of one run at a time.
   *
   * @param listener told after every run of the session
   * @param work steps or evaluations
   */
  public void profile(Consumer<RunMetadata> listener, Runnable work) {
    graph.profile(listener, work);
  }

  @Override
  public long parameters() {
    return graph.weights().parameters();
  }

  @Override
  public StepResult trainStep(
      ImageSet train, int[] indices, long step, double learningRate, Moment moment) {
    StepOutcome all =
        graph.step(
            ImageBatch.of(train, indices),
            TrainingGraph.noiseKey(seed, step),
            moment,
            step,
            learningRate,
            clip);
    BatchOutcome outcome = all.batch();
    return new StepResult(
        outcome.lossSum(),
        outcome.correct(),
        outcome.count(),
        outcome.gradientNorm(),
        all.moment());
  }

  @Override
  public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
    return result(evaluate(images, progress, graph::evaluate));
  }

  @Override
  public EvaluationResult evaluateTogether(ImageSet images, EvaluationProgress progress) {
    return result(graph.together(evaluate(images, progress, graph::evaluateShare)));
  }

  private static EvaluationResult result(BatchOutcome outcome) {
    return new EvaluationResult(outcome.lossSum(), outcome.correct(), outcome.count());
  }

  private BatchOutcome evaluate(
      ImageSet images, EvaluationProgress progress, Function<ImageBatch, BatchOutcome> evaluation) {
    double loss = 0;
    int correct = 0;
    int count = 0;
    int[] all = new int[images.size()];
    Arrays.setAll(all, i -> i);
    for (int from = 0; from < all.length; from += evaluationBatch) {
      int to = Math.min(all.length, from + evaluationBatch);
      BatchOutcome outcome =
          evaluation.apply(ImageBatch.of(images, Arrays.copyOfRange(all, from, to)));
      loss += outcome.lossSum();
      correct += outcome.correct();
      count += outcome.count();
      progress.evaluated(to, all.length);
    }
    return new BatchOutcome(loss, correct, count, Double.NaN);
  }

  @Override
  public void redrawFeatures(long redraw) {
    graph.assign(graph.weights().redrawnFeatures(seed, redraw));
  }

  @Override
  public void save(Path directory) {
    graph.save(directory);
  }

  @Override
  public void restore(Path directory) {
    graph.restore(directory);
  }

  @Override
  public void restoreWeights(Path directory) {
    graph.restoreWeights(directory);
  }

  @Override
  public void close() {
    graph.close();
  }
}
