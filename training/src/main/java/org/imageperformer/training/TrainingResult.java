package org.imageperformer.training;

import java.util.Optional;

/**
 * How a training ended.
 *
 * @param reason why
 * @param description the reason in words
 * @param steps optimizer steps taken in all
 * @param epochs epochs trained to their end
 * @param seconds of the whole run, those before a resume included
 * @param best the best checkpoint; empty if the training was stopped before its first step
 */
public record TrainingResult(
    StopReason reason,
    String description,
    long steps,
    int epochs,
    double seconds,
    Optional<Best> best) {

  /**
   * The best checkpoint.
   *
   * @param epoch its epoch, from 1
   * @param step steps taken when it was saved
   * @param validation what it reaches on the validation images
   */
  public record Best(int epoch, long step, EvaluationResult validation) {}
}
