package org.imageperformer.training.schedule;

/** {@code learningRate * min(1, t / warmup)}. */
public final class Constant implements Schedule {

  @Override
  public String name() {
    return "constant";
  }

  @Override
  public LearningRateSchedule create(ScheduleParameters parameters) {
    return parameters::warmed;
  }
}
