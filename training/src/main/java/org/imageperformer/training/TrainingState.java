package org.imageperformer.training;

/**
 * Where a training stands between two steps: with the weights and the optimizer's state, all that
 * is needed to go on as if nothing had happened.
 *
 * @param step optimizer steps taken
 * @param epoch epochs finished
 * @param position steps taken in the running epoch
 * @param lossSum of the images of the running epoch
 * @param correct images of the running epoch classified rightly
 * @param count images of the running epoch
 * @param timedSeconds spent in the running epoch's steps, warm-up left out
 * @param timedImages trained on in that time
 * @param elapsedSeconds of the whole run
 * @param bestAccuracy the best validation accuracy at the end of an epoch; null before the first
 * @param epochsSinceBest epochs finished after that one
 */
record TrainingState(
    long step,
    int epoch,
    int position,
    double lossSum,
    long correct,
    long count,
    double timedSeconds,
    long timedImages,
    double elapsedSeconds,
    Double bestAccuracy,
    int epochsSinceBest) {

  static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0);

  TrainingState {
    if (step < 0 || epoch < 0 || position < 0 || count < 0 || epochsSinceBest < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative: step "
              + step
              + ", epoch "
              + epoch
              + ", position "
              + position
              + ", count "
              + count
              + ", epochsSinceBest "
              + epochsSinceBest);
    }
  }

  /** After a step that took this time; 0 images count as timed if it was warm-up. */
  TrainingState afterStep(StepResult result, double seconds, int imagesTimed) {
    return new TrainingState(
        step + 1,
        epoch,
        position + 1,
        lossSum + result.lossSum(),
        correct + result.correct(),
        count + result.count(),
        timedSeconds + (imagesTimed > 0 ? seconds : 0),
        timedImages + imagesTimed,
        elapsedSeconds,
        bestAccuracy,
        epochsSinceBest);
  }

  /** After the last step of an epoch and its validation. */
  TrainingState afterEpoch(double accuracy) {
    boolean better = bestAccuracy == null || accuracy > bestAccuracy;
    return new TrainingState(
        step,
        epoch + 1,
        0,
        0,
        0,
        0,
        0,
        0,
        elapsedSeconds,
        better ? (Double) accuracy : bestAccuracy,
        better ? 0 : epochsSinceBest + 1);
  }

  TrainingState at(double seconds) {
    return new TrainingState(
        step,
        epoch,
        position,
        lossSum,
        correct,
        count,
        timedSeconds,
        timedImages,
        seconds,
        bestAccuracy,
        epochsSinceBest);
  }

  /** The number, from 1, of the epoch that the last step belongs to. */
  int epochNumber() {
    return position > 0 ? epoch + 1 : epoch;
  }
}
