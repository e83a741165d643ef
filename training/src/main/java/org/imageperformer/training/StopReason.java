package org.imageperformer.training;

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
