package org.imageperformer.datasets;

/**
 * The SplitMix64 generator (Steele, Lea and Flood 2014). Written out because the algorithms behind
 * {@link java.util.SplittableRandom} and {@link java.util.Collections#shuffle} are not specified:
 * the same seed must mean the same images on every JVM.
 */
final class SplitMix {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  /** A generator of its own for each pair of numbers. */
  static SplitMix of(long seed, long stream) {
    return new SplitMix(mix(mix(seed) + GAMMA * stream));
  }

  long next() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform in [0, bound), without the bias of a plain remainder. */
  private int below(int bound) {
    long r = next() >>> 33;
    long m = r * bound;
    // 31 random bits scaled to the bound; the low part tells the overrepresented values.
    long threshold = (1L << 31) % bound;
    while ((m & 0x7fffffffL) < threshold) {
      m = (next() >>> 33) * bound;
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
