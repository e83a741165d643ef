package org.imageperformer.training.schedule;

/** The learning rate as a pure function of the step (models.md section 6, gsa.md section 5). */
@FunctionalInterface
public interface LearningRateSchedule {

  /**
   * The learning rate of one optimizer step.
   *
   * @param step number of steps taken before, 0, 1, 2, ...
   * @return the rate, 0 or more
   */
  double at(long step);

  /**
   * A schedule that knows no epochs, by its kind.
   *
   * @param kind its shape
   * @param learningRate the rate at the end of the warm-up
   * @param warmup steps of linear growth from 0, 0 for none
   * @throws IllegalArgumentException naming every problem at once
   */
  static LearningRateSchedule of(ScheduleKind kind, double learningRate, long warmup) {
    return Schedule.of(kind.label(), ScheduleParameters.of(learningRate, warmup));
  }
}
