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
  static Optional<StopReason> reached(
      TrainingConfig config, TrainingState state, double elapsedSeconds, StopSignal stop) {
    if (stop.requested()) {
      return Optional.of(REQUESTED);
    }
    if (state.epochsSinceBest() >= config.patience()) {
      return Optional.of(PATIENCE);
    }
    if (state.epoch() >= config.maxEpochs()) {
      return Optional.of(MAX_EPOCHS);
    }
    if (config.maxSteps().stream().anyMatch(limit -> state.step() >= limit)) {
      return Optional.of(MAX_STEPS);
    }
    return config
        .maxTime()
        .filter(limit -> elapsedSeconds >= limit.toSeconds())
        .map(limit -> MAX_TIME);
  }

  /** One phrase for the user. */
  String describe(TrainingConfig config) {
    return switch (this) {
      case MAX_EPOCHS -> "max_epochs " + config.maxEpochs() + " reached";
      case MAX_STEPS -> "max_steps " + config.maxSteps().orElseThrow() + " reached";
      case MAX_TIME ->
          "max_time " + DurationText.format(config.maxTime().orElseThrow()) + " reached";
      case PATIENCE -> config.patience() + " epochs without a better val/acc";
      case REQUESTED -> "stopped on request";
    };
  }
}
