package org.imageperformer.savedmodels;

import java.util.Arrays;

/** What a model says about some images, in their order. Immutable. */
public final class Predictions {

  private final int count;
  private final int classCount;
  private final float[] logits;
  private final float[] probabilities;
  private final long[] classes;

  /** Takes the arrays, [count x classCount] and [count], as they are. */
  Predictions(int count, int classCount, float[] logits, float[] probabilities, long[] classes) {
    this.count = count;
    this.classCount = classCount;
    this.logits = logits;
    this.probabilities = probabilities;
    this.classes = classes;
  }

  static Predictions empty(int count, int classCount) {
    int size = Math.multiplyExact(count, classCount);
    return new Predictions(count, classCount, new float[size], new float[size], new long[count]);
  }

  /** Copies predictions into this one, at images [first, first + part.count). */
  void fill(int first, Predictions part) {
    System.arraycopy(part.logits, 0, logits, first * classCount, part.logits.length);
    System.arraycopy(
        part.probabilities, 0, probabilities, first * classCount, part.probabilities.length);
    System.arraycopy(part.classes, 0, classes, first, part.count);
  }

  /** Returns number of images. */
  public int count() {
    return count;
  }

  /** Returns number of classes. */
  public int classCount() {
    return classCount;
  }

  /**
   * Returns its logits, [classes], a copy.
   *
   * @param image index, from 0
   */
  public float[] logits(int image) {
    return row(logits, image);
  }

  /**
   * Returns its probabilities, [classes], a copy.
   *
   * @param image index, from 0
   */
  public float[] probabilities(int image) {
    return row(probabilities, image);
  }

  /**
   * Returns the most probable class, an index from 0.
   *
   * @param image index, from 0
   */
  public int predictedClass(int image) {
    return Math.toIntExact(classes[image]);
  }

  private float[] row(float[] values, int image) {
    if (image < 0 || image >= count) {
      throw new IndexOutOfBoundsException("image " + image + " of " + count);
    }
    return Arrays.copyOfRange(values, image * classCount, (image + 1) * classCount);
  }
}
