package org.imageperformer.training;

/** The loss, or its gradient, became infinite or not a number. */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;

  /**
   * @param clip largest norm of the gradients, 0 without clipping: the advice follows it
   * @param precision of the products, and so does it this
   */
  NonFiniteLossException(
      String what,
      double value,
      long step,
      double learningRate,
      String kept,
      double clip,
      Precision precision) {
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
            + " Try a smaller --learning_rate, a longer --warmup, "
            + (precision == Precision.FP32 ? "or " : "")
            + (clip > 0
                ? "a smaller --gradient_clip_val"
                : "clipped gradients (--gradient_clip_val 0.5)")
            + (precision == Precision.FP32 ? "." : ", or --precision fp32."));
    this.step = step;
  }

  /** The step, from 1, that failed. */
  public long step() {
    return step;
  }
}
