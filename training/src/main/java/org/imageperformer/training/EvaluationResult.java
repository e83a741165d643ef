package org.imageperformer.training;

/**
 * What a model reaches on a set of images.
 *
 * @param lossSum sum of the images' cross-entropies, in nats
 * @param correct images classified rightly
 * @param count images
 */
public record EvaluationResult(double lossSum, long correct, long count) {

  /** Mean cross-entropy over all images. */
  public double loss() {
    return lossSum / count;
  }

  /** Fraction of all images classified rightly. */
  public double accuracy() {
    return (double) correct / count;
  }

  /** Whether a checkpoint with this result takes the place of another: ties go by the loss. */
  boolean betterThan(EvaluationResult other) {
    return accuracy() > other.accuracy()
        || (accuracy() == other.accuracy() && loss() < other.loss());
  }
}
