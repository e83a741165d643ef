package org.imageperformer.tools.report;

import org.imageperformer.eval.Evaluation;
import org.imageperformer.savedmodels.Predictions;

/**
 * What a model takes an image for.
 *
 * @param predicted the class
 * @param probability of it, 0 to 1
 * @param right whether it is the image's class
 */
record Opinion(int predicted, double probability, boolean right) {
  /** The opinion on the first image. */
  static Opinion first(Evaluation evaluation) {
    Predictions predictions = evaluation.predictions();
    int predicted = predictions.predictedClass(0);
    return new Opinion(predicted, predictions.probabilities(0)[predicted], evaluation.isCorrect(0));
  }
}
