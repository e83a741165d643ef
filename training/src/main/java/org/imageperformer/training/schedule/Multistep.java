package org.imageperformer.training.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code learningRate * min(1, t / warmup) / decayFactor^n}, n the decay epochs that have begun
 * (models.md section 6).
 */
public final class Multistep implements Schedule {

  @Override
  public String name() {
    return "multistep";
  }

  @Override
  public List<String> problems(ScheduleParameters parameters) {
    List<String> problems = new ArrayList<>();
    List<Long> epochs = parameters.decayEpochs();
    if (epochs.isEmpty()
        || epochs.get(0) < 1
        || !epochs.equals(epochs.stream().sorted().distinct().toList())) {
      problems.add(
          "schedule multistep needs ascending sched_decay_steps of at least 1 epoch, found "
              + epochs);
    }
    double factor = parameters.decayFactor();
    if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
      problems.add("sched_decay_factor is " + factor + ", must be above 0 and finite");
    }
    if (parameters.images() == 0) {
      problems.add("schedule multistep needs the number of training images, it is 0");
    }
    return problems;
  }

  @Override
  public LearningRateSchedule create(ScheduleParameters parameters) {
    long stepsPerEpoch = parameters.stepsPerEpoch();
    return step -> {
      long epoch = step / stepsPerEpoch;
      long decays = parameters.decayEpochs().stream().filter(from -> epoch >= from).count();
      return parameters.warmed(step) * Math.pow(1 / parameters.decayFactor(), (double) decays);
    };
  }
}
