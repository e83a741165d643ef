package org.imageperformer.training.schedule;

import java.util.ArrayList;
import java.util.List;

/** The learning rate as a pure function of the step (models.md section 6). */
public sealed interface LearningRateSchedule {

  /**
   * The learning rate of one optimizer step.
   *
   * @param step number of steps taken before, 0, 1, 2, ...
   * @return the rate, 0 or more
   */
  double at(long step);

  /**
   * A schedule by its kind.
   *
   * @param kind its shape
   * @param learningRate the rate at the end of the warm-up
   * @param warmup steps of linear growth from 0, 0 for none
   * @throws IllegalArgumentException naming every problem at once
   */
  static LearningRateSchedule of(ScheduleKind kind, double learningRate, long warmup) {
    return switch (kind) {
      case CONSTANT -> new Constant(learningRate, warmup);
      case NOAM -> new Noam(learningRate, warmup);
    };
  }

  /**
   * {@code learningRate * min(1, t / warmup)}.
   *
   * @param learningRate the rate after the warm-up
   * @param warmup steps of linear growth from 0, 0 for none
   */
  record Constant(double learningRate, long warmup) implements LearningRateSchedule {
    /**
     * @throws IllegalArgumentException naming every problem at once
     */
    public Constant {
      refuse(problems(learningRate, warmup));
    }

    @Override
    public double at(long step) {
      return step < warmup ? learningRate * step / warmup : learningRate;
    }
  }

  /**
   * {@code learningRate * min(t / warmup, sqrt(warmup / t))}.
   *
   * @param learningRate the rate at step {@code warmup}, the highest of all
   * @param warmup steps of linear growth from 0, at least 1
   */
  record Noam(double learningRate, long warmup) implements LearningRateSchedule {
    /**
     * @throws IllegalArgumentException naming every problem at once
     */
    public Noam {
      List<String> problems = problems(learningRate, warmup);
      if (warmup == 0) {
        problems.add("schedule noam needs a warmup of at least 1 step, warmup is 0");
      }
      refuse(problems);
    }

    @Override
    public double at(long step) {
      return step < warmup
          ? learningRate * step / warmup
          : learningRate * Math.sqrt((double) warmup / step);
    }
  }

  private static List<String> problems(double learningRate, long warmup) {
    List<String> problems = new ArrayList<>();
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      problems.add("learning_rate is " + learningRate + ", must be above 0 and finite");
    }
    if (warmup < 0) {
      problems.add("warmup is " + warmup + ", must be at least 0");
    }
    return problems;
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }
}
