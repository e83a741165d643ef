package org.imageperformer.training;

/**
 * What one optimizer step did.
 *
 * @param lossSum sum of the images' cross-entropies before the step, in nats
 * @param correct images classified rightly before the step
 * @param count images
 * @param gradientNorm global norm of all gradients of the mean loss before clipping
 * @param moment whether any process was asked to end, and the sum of their seconds
 */
public record StepResult(
    double lossSum, int correct, int count, double gradientNorm, Moment moment) {

  /** Mean cross-entropy of the step's images. */
  public double loss() {
    return lossSum / count;
  }

  /** Fraction of the step's images classified rightly. */
  public double accuracy() {
    return (double) correct / count;
  }
}
