package org.imageperformer.eval;

import java.util.Arrays;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.Predictions;

/** How good predictions are, image by image and on average. Immutable. */
public final class Evaluation {

  private final Predictions predictions;
  private final double[] losses;
  private final boolean[] correct;

  private Evaluation(Predictions predictions, double[] losses, boolean[] correct) {
    this.predictions = predictions;
    this.losses = losses;
    this.correct = correct;
  }

  /**
   * Compares predictions with the labels.
   *
   * @param predictions one for each image
   * @param images in the same order
   * @return the losses, computed in double precision from the logits
   */
  static Evaluation of(Predictions predictions, ImageSet images) {
    double[] losses = new double[predictions.count()];
    boolean[] correct = new boolean[predictions.count()];
    for (int i = 0; i < losses.length; i++) {
      int label = images.label(i);
      losses[i] = crossEntropy(predictions.logits(i), label);
      correct[i] = predictions.predictedClass(i) == label;
    }
    return new Evaluation(predictions, losses, correct);
  }

  /** log(sum exp(logits)) - logits[label], with the largest logit taken out of the sum. */
  static double crossEntropy(float[] logits, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum) - logits[label];
  }

  /**
   * Returns the number of images.
   *
   * @return 1 or more
   */
  public int count() {
    return losses.length;
  }

  /**
   * Returns what the model said.
   *
   * @return one prediction for each image, in their order
   */
  public Predictions predictions() {
    return predictions;
  }

  /**
   * Returns the mean cross-entropy.
   *
   * @return nats per image
   */
  public double loss() {
    return mean(losses);
  }

  /**
   * Returns the share of images classified rightly.
   *
   * @return 0 to 1
   */
  public double accuracy() {
    return mean(hits());
  }

  /**
   * Returns how much the losses differ: the sample standard deviation, divided by n - 1.
   *
   * @return nats, NaN for a single image
   */
  public double lossStd() {
    return std(losses);
  }

  /**
   * Returns how much the images' accuracies, 0 or 1 each, differ: the sample standard deviation,
   * divided by n - 1.
   *
   * @return 0 to 1, NaN for a single image
   */
  public double accuracyStd() {
    return std(hits());
  }

  /**
   * Returns the cross-entropy of one image.
   *
   * @param image index, from 0
   * @return nats
   */
  public double loss(int image) {
    return losses[image];
  }

  /**
   * Returns whether one image is classified rightly.
   *
   * @param image index, from 0
   * @return true if so
   */
  public boolean isCorrect(int image) {
    return correct[image];
  }

  private double[] hits() {
    double[] hits = new double[correct.length];
    for (int i = 0; i < hits.length; i++) {
      hits[i] = correct[i] ? 1 : 0;
    }
    return hits;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double std(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
