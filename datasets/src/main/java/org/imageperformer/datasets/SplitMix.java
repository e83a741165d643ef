package org.imageperformer.datasets;

import java.util.random.RandomGenerator;

/**
 * The SplitMix64 generator (Steele, Lea and Flood 2014). Written out because the algorithms behind
 * {@link java.util.SplittableRandom} and {@link java.util.Collections#shuffle} are not specified:
 * the same seed must mean the same images on every JVM.
 */
public final class SplitMix implements RandomGenerator {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  /**
   * A generator of its own for each sequence of numbers, not safe for use by several threads at
   * once. Of a run's seed, 0 draws the validation split, epoch + 1 the epoch's order, and epoch + 1
   * with image + 1 what varies this image.
   *
   * @param stream numbers above 0, or 0 alone
   */
  public static SplitMix of(long seed, long... stream) {
    long state = mix(seed);
    for (long number : stream) {
      state = mix(state + GAMMA * number);
    }
    return new SplitMix(state);
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform in [0, bound), without the bias of a plain remainder. */
  private int below(int bound) {
    long r = nextLong() >>> 33;
    long m = r * bound;
    // 31 random bits scaled to the bound; the low part tells the overrepresented values.
    long threshold = (1L << 31) % bound;
    while ((m & 0x7fffffffL) < threshold) {
      m = (nextLong() >>> 33) * bound;
    }
    return (int) (m >>> 31);
  }

  /** A uniformly random order of 0 to size - 1. */
  int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
