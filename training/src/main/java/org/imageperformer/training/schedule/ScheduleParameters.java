package org.imageperformer.training.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * What the learning rate of a run may depend on. Schedules say what they make of it.
 *
 * @param learningRate the highest rate, or the one after the warm-up
 * @param warmup steps of linear growth from 0, 0 for none
 * @param images of the training set; 0 if unknown
 * @param batchSize images of one step
 * @param maxEpochs epochs that the run is planned for; 0 for no plan
 * @param decayEpochs epochs, counted from 0, at whose first step the rate falls
 * @param decayFactor what it is divided by there
 */
public record ScheduleParameters(
    double learningRate,
    long warmup,
    long images,
    long batchSize,
    long maxEpochs,
    List<Long> decayEpochs,
    double decayFactor) {

  /**
   * Checks the counts; rates are checked by schedules.
   *
   * @throws IllegalArgumentException for a negative number of images or a batch of none
   */
  public ScheduleParameters {
    if (images < 0 || batchSize < 1) {
      throw new IllegalArgumentException(
          "training images and batch_size must be at least 0 and 1, not "
              + images
              + " and "
              + batchSize);
    }
    decayEpochs = List.copyOf(decayEpochs);
  }

  /** For schedules that know no epochs. */
  public static ScheduleParameters of(double learningRate, long warmup) {
    return new ScheduleParameters(learningRate, warmup, 0, 1, 0, List.of(), 1);
  }

  /** Steps of an epoch, whose last batch may be small. */
  public long stepsPerEpoch() {
    return (images + batchSize - 1) / batchSize;
  }

  /** Batches of an epoch that are full. */
  long fullBatches() {
    return images / batchSize;
  }

  /** The learning rate with the warm-up alone: {@code learningRate * min(1, step / warmup)}. */
  double warmed(long step) {
    return step < warmup ? learningRate * step / warmup : learningRate;
  }

  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      problems.add("learning_rate is " + learningRate + ", must be above 0 and finite");
    }
    if (warmup < 0) {
      problems.add("warmup is " + warmup + ", must be at least 0");
    }
    return problems;
  }
}
