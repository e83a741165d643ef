package org.imageperformer.training;

/** The loss, or its gradient, became infinite or not a number. */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;

  NonFiniteLossException(String what, double value, long step, double learningRate, String kept) {
    super(
        "The "
            + what
            + " is "
            + value
            + " at step "
            + step
            + " (learning rate "
            + learningRate
            + "). "
            + kept
            + " Try a smaller --learning_rate, a longer --warmup, a smaller --gradient_clip_val, or"
            + " --precision fp32.");
    this.step = step;
  }

  /** The step, from 1, that failed. */
  public long step() {
    return step;
  }
}
