package org.imageperformer.datasets;

import java.nio.ByteBuffer;
import java.util.List;
import org.imageperformer.datasets.augment.Augmentation;

/** Training images varied from epoch to epoch: a pure function, so a run can resume. */
public final class VariedBatch {
  private VariedBatch() {}

  /**
   * Varies the images of a batch, the same ones on every JVM.
   *
   * @param images the training images
   * @param batch positions in the set
   * @param augmentation how
   * @param seed the run's seed
   * @param epoch number of the epoch, from 0
   * @return a new image with its label for each position, in order
   */
  public static ImageSet of(
      ImageSet images, int[] batch, Augmentation augmentation, long seed, long epoch) {
    int length = images.imageBytes();
    byte[] pixels = new byte[Math.multiplyExact(batch.length, length)];
    byte[] labels = new byte[batch.length];
    for (int i = 0; i < batch.length; i++) {
      byte[] image = new byte[length];
      images.copyImage(batch[i], image, 0);
      byte[] varied =
          augmentation.apply(
              image,
              images.height(),
              images.width(),
              images.channels(),
              SplitMix.of(seed, epoch + 1, batch[i] + 1L));
      System.arraycopy(varied, 0, pixels, i * length, length);
      labels[i] = (byte) images.label(batch[i]);
    }
    return ImageSet.over(
        List.of(ByteBuffer.wrap(pixels)),
        labels,
        images.height(),
        images.width(),
        images.channels());
  }
}
