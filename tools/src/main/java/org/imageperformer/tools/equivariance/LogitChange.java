package org.imageperformer.tools.equivariance;

/**
 * How far logits are from others.
 *
 * @param largest absolute difference
 * @param mean absolute difference
 * @param classes images whose most probable class is another
 */
public record LogitChange(double largest, double mean, int classes) {

  /**
   * Compares the logits of the same images.
   *
   * @param before [image][class], at least one
   * @param after of the same shape
   */
  public static LogitChange between(float[][] before, float[][] after) {
    double largest = 0;
    double sum = 0;
    int classes = 0;
    for (int i = 0; i < before.length; i++) {
      for (int j = 0; j < before[i].length; j++) {
        double change = Math.abs((double) after[i][j] - before[i][j]);
        largest = Math.max(largest, change);
        sum += change;
      }
      classes += best(before[i]) == best(after[i]) ? 0 : 1;
    }
    return new LogitChange(largest, sum / ((double) before.length * before[0].length), classes);
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int j = 1; j < logits.length; j++) {
      if (logits[j] > logits[best]) {
        best = j;
      }
    }
    return best;
  }
}
