package org.imageperformer.datasets;

/** The order in which an epoch visits the training images: a pure function, so a run can resume. */
public final class EpochOrder {
  private EpochOrder() {}

  /**
   * The order of one epoch, the same on every JVM.
   *
   * @param size number of images
   * @param seed the run's seed
   * @param epoch number of the epoch, from 0; each has an order of its own
   * @return every number from 0 to size - 1 once
   * @throws IllegalArgumentException if size or epoch is negative
   */
  public static int[] permutation(int size, long seed, long epoch) {
    if (size < 0 || epoch < 0) {
      throw new IllegalArgumentException(
          "Order of " + size + " images in epoch " + epoch + ": must not be negative.");
    }
    // Stream 0 belongs to the validation split.
    return SplitMix.of(seed, epoch + 1).permutation(size);
  }
}
