package org.imageperformer.training;

import java.nio.file.Path;
import org.imageperformer.datasets.ImageSet;

/** One model under training, as the loop sees it. Not thread-safe. Owns native memory. */
public interface Trainable extends AutoCloseable {

  /** Number of trainable parameters. */
  long parameters();

  /**
   * Takes one optimizer step. What is random in it is a function of the run's seed and of {@code
   * step} alone.
   *
   * @param train the training images
   * @param indices which of them make the batch
   * @param step number of steps taken before
   * @param learningRate of this step
   * @param moment what this process knows of when to end
   * @return loss and accuracy of the batch before the step, and what all processes know together
   */
  StepResult trainStep(
      ImageSet train, int[] indices, long step, double learningRate, Moment moment);

  /**
   * Runs the model forward, without dropout, over every image once.
   *
   * @param images at least one
   * @param progress told after each batch
   */
  EvaluationResult evaluate(ImageSet images, EvaluationProgress progress);

  /**
   * The same, shared among the processes that train this model together; all of them get the same
   * result.
   *
   * @param images at least one
   * @param progress told after each batch
   */
  default EvaluationResult evaluateTogether(ImageSet images, EvaluationProgress progress) {
    return evaluate(images, progress);
  }

  /**
   * Draws new random projections, a function of the run's seed and of {@code redraw} alone.
   *
   * @param redraw 1, 2, ...
   */
  void redrawFeatures(long redraw);

  /**
   * Writes weights, projections and optimizer state as a TensorFlow checkpoint.
   *
   * @param directory exists and is empty
   * @throws RuntimeException when writing fails, with the reason as its message
   */
  void save(Path directory);

  /**
   * Reads what {@link #save} wrote.
   *
   * @param directory that {@link #save} filled
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing every variable
   *     whose name or shape does not fit
   */
  void restore(Path directory);

  /**
   * Reads weights and projections only, to evaluate.
   *
   * @param directory that {@link #save} filled
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing every variable
   *     whose name or shape does not fit
   */
  void restoreWeights(Path directory);

  @Override
  void close();
}
