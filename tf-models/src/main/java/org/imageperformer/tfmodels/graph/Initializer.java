package org.imageperformer.tfmodels.graph;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Initial values of a weight (models.md section 5). */
@FunctionalInterface
public interface Initializer {

  /**
   * Values for a weight of {@code size} elements, in row-major order.
   *
   * @param random a stream that belongs to this weight alone
   */
  float[] values(int size, RandomGenerator random);

  /** The same value everywhere. */
  static Initializer constant(float value) {
    return (size, random) -> {
      float[] values = new float[size];
      Arrays.fill(values, value);
      return values;
    };
  }

  /** Exactly these values. */
  static Initializer of(float... values) {
    return (size, random) -> {
      if (size != values.length) {
        throw new IllegalArgumentException(
            "expected " + size + " initial values, found " + values.length);
      }
      return values.clone();
    };
  }

  /** Standard normal. */
  static Initializer standardNormal() {
    return normal(1);
  }

  /** Normal of mean 0. */
  static Initializer normal(double deviation) {
    return (size, random) -> {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
      return values;
    };
  }

  /** Uniform in +-1/sqrt(fanIn): kernels and biases of affine maps. */
  static Initializer uniform(int fanIn) {
    double bound = 1 / Math.sqrt(fanIn);
    return (size, random) -> {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextDouble(-bound, bound);
      }
      return values;
    };
  }
}
