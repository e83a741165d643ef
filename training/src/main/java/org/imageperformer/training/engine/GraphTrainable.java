package org.imageperformer.training.engine;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.GRADIENT_CLIP_VAL;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.training.EvaluationProgress;
import org.imageperformer.training.EvaluationResult;
import org.imageperformer.training.StepResult;
import org.imageperformer.training.Trainable;
import org.imageperformer.training.TrainingConfig;

/** The model of a training configuration as a TensorFlow graph. */
public final class GraphTrainable implements Trainable {

  private final TrainingGraph graph;
  private final long seed;
  private final double clip;
  private final int evaluationBatch;

  /** Builds the model with its initial weights. */
  public GraphTrainable(TrainingConfig config) {
    this.graph =
        new TrainingGraph(
            config.spec(),
            Scaling.of(config),
            Engines.options(config),
            config.updateRule(),
            config.updateParameters(),
            GradientExchange.ALONE);
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

  /** All weights' values by name. */
  public Map<String, float[]> values() {
    return graph.values();
  }

  /** Sets all weights; the optimizer starts anew. */
  public void assign(Map<String, float[]> values) {
    graph.weights().requireMatch(values);
    graph.assign(values);
  }

  @Override
  public long parameters() {
    return graph.weights().parameters();
  }

  @Override
  public StepResult trainStep(ImageSet train, int[] indices, long step, double learningRate) {
    BatchOutcome outcome =
        graph.step(
            ImageBatch.of(train, indices),
            TrainingGraph.noiseKey(seed, step),
            step,
            learningRate,
            clip);
    return new StepResult(
        outcome.lossSum(), outcome.correct(), outcome.count(), outcome.gradientNorm());
  }

  @Override
  public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
    double loss = 0;
    long correct = 0;
    int[] all = new int[images.size()];
    Arrays.setAll(all, i -> i);
    for (int from = 0; from < all.length; from += evaluationBatch) {
      int to = Math.min(all.length, from + evaluationBatch);
      BatchOutcome outcome =
          graph.evaluate(ImageBatch.of(images, Arrays.copyOfRange(all, from, to)));
      loss += outcome.lossSum();
      correct += outcome.correct();
      progress.evaluated(to, all.length);
    }
    return new EvaluationResult(loss, correct, all.length);
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
