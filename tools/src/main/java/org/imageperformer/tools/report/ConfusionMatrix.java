package org.imageperformer.tools.report;

import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.Predictions;

/** How often images of each class are taken for each class. */
final class ConfusionMatrix {
  private final int[][] counts;

  private ConfusionMatrix(int[][] counts) {
    this.counts = counts;
  }

  /**
   * Counts.
   *
   * @param predictions one for each image
   * @param images in the same order, their labels below the predictions' number of classes
   */
  static ConfusionMatrix of(Predictions predictions, ImageSet images) {
    int[][] counts = new int[predictions.classCount()][predictions.classCount()];
    for (int i = 0; i < images.size(); i++) {
      counts[images.label(i)][predictions.predictedClass(i)]++;
    }
    return new ConfusionMatrix(counts);
  }

  int classes() {
    return counts.length;
  }

  /** Images of the class actual that are taken for the class predicted. */
  int count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /** Images of a class. */
  int total(int actual) {
    int total = 0;
    for (int count : counts[actual]) {
      total += count;
    }
    return total;
  }

  /** The part of a class's images that is taken for another, 0 to 1; 0 when there are none. */
  double share(int actual, int predicted) {
    int total = total(actual);
    return total == 0 ? 0 : (double) counts[actual][predicted] / total;
  }
}
