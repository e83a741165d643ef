package org.imageperformer.training.listener;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Is told how a training goes, in the order of the methods below, on the thread that trains. Every
 * method does nothing unless overridden. What one throws ends the training.
 *
 * <p>Epochs and steps are counted from 1 here: the first epoch is epoch 1, and a step is the number
 * of optimizer steps taken, this one included. Losses are mean cross-entropies in nats, accuracies
 * fractions from 0 to 1.
 *
 * <p>Whoever made a listener closes it.
 */
@SuppressWarnings("unused") // the defaults ignore what they are told
public interface TrainingListener extends AutoCloseable {

  /** The run has its directory; the data is loaded and the model built. */
  default void runStarted(RunStarted event) {}

  /** The loop begins or, resumed, goes on. */
  default void trainingStarted(TrainingStarted event) {}

  /** An optimizer step was taken. */
  default void stepEnded(StepEnded event) {}

  /** A part of the validation or test images was evaluated. */
  default void evaluationProgressed(EvaluationProgressed event) {}

  /** An epoch was trained, to its end or to a limit, and validated. */
  default void epochEnded(EpochEnded event) {}

  /** A checkpoint is whole on the disk. */
  default void checkpointSaved(CheckpointSaved event) {}

  /** The loop has ended normally. */
  default void trainingEnded(TrainingEnded event) {}

  /** The best checkpoint was evaluated. */
  default void tested(Tested event) {}

  /** Everything that the run leaves behind is written. */
  default void runEnded(RunEnded event) {}

  /** Lets go of files and threads. Nothing is told afterwards. */
  @Override
  default void close() {}

  /**
   * See {@link #runStarted}.
   *
   * @param directory the run directory
   * @param hparams what hparams.json holds, in order
   * @param parameters trainable parameters of the model
   * @param trainImages images to train on
   * @param validationImages images to validate on
   * @param testImages images to test on
   * @param resumed whether the run goes on from a checkpoint
   */
  record RunStarted(
      Path directory,
      Map<String, Object> hparams,
      long parameters,
      int trainImages,
      int validationImages,
      int testImages,
      boolean resumed) {}

  /**
   * See {@link #trainingStarted}.
   *
   * @param epochsFinished epochs trained to their end before, 0 unless resumed
   * @param step steps taken before, 0 unless resumed
   * @param stepsPerEpoch steps of a whole epoch
   * @param trainImages images of a whole epoch
   * @param maxEpochs the last epoch unless something else ends the training
   */
  record TrainingStarted(
      int epochsFinished, long step, int stepsPerEpoch, int trainImages, int maxEpochs) {}

  /**
   * See {@link #stepEnded}.
   *
   * @param step steps taken since the beginning of the run
   * @param epoch the running epoch
   * @param stepInEpoch steps taken in it
   * @param stepsPerEpoch steps of a whole epoch
   * @param imagesLeft images of the epoch not yet trained on
   * @param loss of this step's images
   * @param accuracy of this step's images
   * @param epochLoss of the epoch so far
   * @param epochAccuracy of the epoch so far
   * @param learningRate of this step
   * @param gradientNorm global norm of all gradients before clipping
   * @param imagesPerSecond of the epoch so far; empty until a second step was taken
   */
  record StepEnded(
      long step,
      int epoch,
      int stepInEpoch,
      int stepsPerEpoch,
      int imagesLeft,
      double loss,
      double accuracy,
      double epochLoss,
      double epochAccuracy,
      double learningRate,
      double gradientNorm,
      OptionalDouble imagesPerSecond) {}

  /**
   * See {@link #evaluationProgressed}.
   *
   * @param images "validation" or "test"
   * @param done images evaluated
   * @param total images in all
   */
  record EvaluationProgressed(String images, long done, long total) {}

  /**
   * See {@link #epochEnded}.
   *
   * @param epoch the epoch
   * @param step steps taken since the beginning of the run
   * @param trainLoss mean over the epoch, dropout on
   * @param trainAccuracy mean over the epoch, dropout on
   * @param validationLoss of all validation images
   * @param validationAccuracy of all validation images
   * @param learningRate of the epoch's last step
   * @param imagesPerSecond in training, without the first step of the process and without
   *     validation; empty if there was no other step
   * @param seconds since the beginning of the run, those before a resume included
   * @param best whether no epoch before had this validation accuracy
   * @param complete whether the epoch saw every image; false if a limit or a stop cut it short
   */
  record EpochEnded(
      int epoch,
      long step,
      double trainLoss,
      double trainAccuracy,
      double validationLoss,
      double validationAccuracy,
      double learningRate,
      OptionalDouble imagesPerSecond,
      double seconds,
      boolean best,
      boolean complete) {}

  /**
   * See {@link #checkpointSaved}.
   *
   * @param name "best" or "last"
   * @param directory where its files lie
   * @param step steps taken since the beginning of the run
   */
  record CheckpointSaved(String name, Path directory, long step) {}

  /**
   * See {@link #trainingEnded}.
   *
   * @param reason why, one sentence
   * @param step steps taken since the beginning of the run
   * @param seconds since the beginning of the run
   */
  record TrainingEnded(String reason, long step, double seconds) {}

  /**
   * See {@link #tested}.
   *
   * @param step steps taken when the best checkpoint was saved
   * @param epoch its epoch
   * @param validationLoss of all validation images
   * @param validationAccuracy of all validation images
   * @param testLoss of all test images
   * @param testAccuracy of all test images
   */
  record Tested(
      long step,
      int epoch,
      double validationLoss,
      double validationAccuracy,
      double testLoss,
      double testAccuracy) {}

  /**
   * See {@link #runEnded}.
   *
   * @param directory the run directory
   */
  record RunEnded(Path directory) {}
}
