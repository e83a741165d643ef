package org.imageperformer.training;

/**
 * How the images of an epoch are divided into batches: all of one size, with what is left in the
 * last one. Where that is less than a model can be trained on, it joins the batch before.
 *
 * @param images of an epoch, in their order
 * @param size of a batch, at least {@code fewest}
 * @param fewest images of a batch
 */
record EpochBatches(int images, int size, int fewest) {
  /**
   * Checks that there is a batch.
   *
   * @throws IllegalArgumentException if there are too few images
   */
  EpochBatches {
    if (images < fewest) {
      throw new IllegalArgumentException(
          "the model is trained on at least " + fewest + " images, found " + images);
    }
  }

  /** Of an epoch. */
  int count() {
    int left = images % size;
    return images / size + (left > 0 && left >= fewest ? 1 : 0);
  }

  /** The first image of a batch, counted from 0. */
  int from(int batch) {
    return batch * size;
  }

  /** The image behind the last one of a batch. */
  int to(int batch) {
    return batch == count() - 1 ? images : from(batch + 1);
  }
}
