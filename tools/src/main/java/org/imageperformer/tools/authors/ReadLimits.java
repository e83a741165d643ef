package org.imageperformer.tools.authors;

/**
 * How much a checkpoint may make this program read.
 *
 * @param pickleBytes length of the pickle (names and shapes; the authors' largest has about 20 kB)
 * @param weightBytes memory for the weights: the storages that hold them, and their float32 values
 */
record ReadLimits(int pickleBytes, long weightBytes) {
  private static final int PICKLE_BYTES = 4 << 20;
  private static final long MOST_WEIGHT_BYTES = 2L << 30;

  /** The limits for this Java machine: the weights must leave half of its heap to others. */
  static ReadLimits standard() {
    return new ReadLimits(
        PICKLE_BYTES, Math.min(MOST_WEIGHT_BYTES, Runtime.getRuntime().maxMemory() / 2));
  }
}
