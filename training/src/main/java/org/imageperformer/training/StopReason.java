package org.imageperformer.training;

import java.util.Optional;

/** Why a training ended normally. */
public enum StopReason {
  /** The last epoch was trained. */
  MAX_EPOCHS,
  /** The last step was taken. */
  MAX_STEPS,
  /** The time was used up. */
  MAX_TIME,
  /** Too many epochs brought no better validation accuracy. */
  PATIENCE,
  /** The user asked for it. */
  REQUESTED;

  /** The reason that a training between two steps has to end, if there is one. */
  static Optional<StopReason> reached(TrainingConfig config, TrainingState state, Moment moment) {
    if (moment.stopRequested()) {
      return Optional.of(REQUESTED);
    }
    if (state.epochsSinceBest() >= config.get(TrainingOptions.PATIENCE)) {
      return Optional.of(PATIENCE);
    }
    if (state.epoch() >= config.get(TrainingOptions.MAX_EPOCHS)) {
      return Optional.of(MAX_EPOCHS);
    }
    if (config.find(TrainingOptions.MAX_STEPS).stream().anyMatch(limit -> state.step() >= limit)) {
      return Optional.of(MAX_STEPS);
    }
    return config
        .find(TrainingOptions.MAX_TIME)
        .filter(limit -> moment.elapsedSeconds() >= limit.toSeconds())
        .map(limit -> MAX_TIME);
  }

  /** One phrase for the user. */
  String describe(TrainingConfig config) {
    return switch (this) {
      case MAX_EPOCHS -> "max_epochs " + config.get(TrainingOptions.MAX_EPOCHS) + " reached";
      case MAX_STEPS ->
          "max_steps " + config.find(TrainingOptions.MAX_STEPS).orElseThrow() + " reached";
      case MAX_TIME ->
          "max_time "
              + DurationText.format(config.find(TrainingOptions.MAX_TIME).orElseThrow())
              + " reached";
      case PATIENCE -> config.get(TrainingOptions.PATIENCE) + " epochs without a better val/acc";
      case REQUESTED -> "stopped on request";
    };
  }
}
