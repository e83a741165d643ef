package org.imageperformer.datasets;

import java.util.Arrays;

/**
 * A training set divided at random, once and for all by the seed. Both parts are views on the
 * images they come from, each in their original order.
 *
 * @param train the images to learn from
 * @param validation the images to choose the best epoch by
 */
public record Split(ImageSet train, ImageSet validation) {
  /**
   * Splits validation images off, the same ones on every JVM.
   *
   * @param train all training images
   * @param validationSize how many to split off
   * @param seed decides which
   * @return the two parts: disjoint, together complete
   * @throws IllegalArgumentException unless both parts get at least one image
   */
  public static Split of(ImageSet train, int validationSize, long seed) {
    if (validationSize < 1 || validationSize >= train.size()) {
      throw new IllegalArgumentException(
          ("A validation split of %s from %s training images: expected at least 1 and at most %s,"
                  + " so that images are left to train on.")
              .formatted(validationSize, train.size(), train.size() - 1));
    }
    int[] order = SplitMix.of(seed, 0).permutation(train.size());
    return new Split(
        train.subset(sorted(order, validationSize, order.length)),
        train.subset(sorted(order, 0, validationSize)));
  }

  private static int[] sorted(int[] order, int from, int to) {
    int[] part = Arrays.copyOfRange(order, from, to);
    Arrays.sort(part);
    return part;
  }
}
