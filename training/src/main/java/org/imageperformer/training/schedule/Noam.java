package org.imageperformer.training.schedule;

import java.util.List;

/** {@code learningRate * min(t / warmup, sqrt(warmup / t))}, with a warm-up of at least 1 step. */
public final class Noam implements Schedule {

  @Override
  public String name() {
    return "noam";
  }

  @Override
  public List<String> problems(ScheduleParameters parameters) {
    return parameters.warmup() == 0
        ? List.of("schedule noam needs a warmup of at least 1 step, warmup is 0")
        : List.of();
  }

  @Override
  public LearningRateSchedule create(ScheduleParameters parameters) {
    long warmup = parameters.warmup();
    return step ->
        step < warmup
            ? parameters.warmed(step)
            : parameters.learningRate() * Math.sqrt((double) warmup / step);
  }
}
