package org.imageperformer.tools.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.eval.Evaluation;
import org.imageperformer.savedmodels.Predictions;

/**
 * An image that a model is wrong about.
 *
 * @param index of the image in its set, from 0
 * @param actual its class
 * @param predicted the class that the model takes it for
 * @param probability of that class, 0 to 1
 * @param picture the image
 */
record Mistake(int index, int actual, int predicted, double probability, Png picture) {
  /**
   * Finds the mistakes of which the model is surest.
   *
   * @param evaluation of the images
   * @param images in the same order
   * @param most how many to return at most
   * @return the surest first
   */
  static List<Mistake> surest(Evaluation evaluation, ImageSet images, int most) {
    Predictions predictions = evaluation.predictions();
    record Candidate(int index, double probability) {}
    // What is no number says nothing about how sure the model is, and comes last.
    Comparator<Candidate> order =
        Comparator.<Candidate>comparingDouble(
                found -> Double.isNaN(found.probability()) ? 1 : -found.probability())
            .thenComparingInt(Candidate::index);
    return IntStream.range(0, images.size())
        .filter(i -> !evaluation.isCorrect(i))
        .mapToObj(i -> new Candidate(i, ofPredicted(predictions, i)))
        .sorted(order)
        .limit(most)
        .map(
            found ->
                new Mistake(
                    found.index(),
                    images.label(found.index()),
                    predictions.predictedClass(found.index()),
                    found.probability(),
                    Png.of(images, found.index())))
        .toList();
  }

  private static double ofPredicted(Predictions predictions, int image) {
    return predictions.probabilities(image)[predictions.predictedClass(image)];
  }
}
