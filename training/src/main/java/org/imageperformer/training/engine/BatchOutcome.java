package org.imageperformer.training.engine;

/**
 * What a model made of a batch.
 *
 * @param lossSum sum of the images' cross-entropies, in nats
 * @param correct images classified rightly
 * @param count images
 * @param gradientNorm global norm of the gradients of the mean loss before clipping; NaN where none
 *     were computed
 */
public record BatchOutcome(double lossSum, int correct, int count, double gradientNorm) {

  BatchOutcome withGradientNorm(double norm) {
    return new BatchOutcome(lossSum, correct, count, norm);
  }
}
