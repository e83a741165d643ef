package org.imageperformer.training.schedule;

/** The learning rate as a pure function of the step (models.md section 6). */
@FunctionalInterface
public interface LearningRateSchedule {

  /**
   * The learning rate of one optimizer step.
   *
   * @param step number of steps taken before, 0, 1, 2, ...
   * @return the rate, 0 or more
   */
  double at(long step);
}
