package org.imageperformer.datasets.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SplitMix;
import org.imageperformer.datasets.idx.IdxFiles;
import org.junit.jupiter.api.Test;

/** What a caller may rely on, with an augmentation as a user would write it. */
class AugmentationTest {
  private static final long SEED = 7;

  private final ImageSet images = IdxFiles.random(64, 3, 5, 3, 1);

  /** Every other image, by chance, left and right exchanged. */
  private static byte[] mirror(
      byte[] image, int height, int width, int channels, RandomGenerator random) {
    if (random.nextLong() < 0) {
      return image;
    }
    byte[] mirrored = new byte[image.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * width + x) * channels;
        System.arraycopy(image, from, mirrored, (y * width + width - 1 - x) * channels, channels);
      }
    }
    return mirrored;
  }

  /** Images on their way into a batch, each with the stream of its epoch and number. */
  private List<ByteBuffer> batch(Augmentation augmentation, long epoch, int... indices) {
    List<ByteBuffer> batch = new ArrayList<>();
    for (int i : indices) {
      byte[] image = new byte[images.imageBytes()];
      images.copyImage(i, image, 0);
      batch.add(
          ByteBuffer.wrap(augmentation.apply(image, 3, 5, 3, SplitMix.of(SEED, epoch + 1, i + 1))));
    }
    return batch;
  }

  @Test
  void dependsOnEpochAndImageAlone() {
    Augmentation augmentation = AugmentationTest::mirror;
    List<ByteBuffer> whole = batch(augmentation, 3, 5, 9, 40, 2);

    // as after a resume, in other batches and another order
    assertThat(batch(augmentation, 3, 40, 5)).containsExactly(whole.get(2), whole.get(0));
    assertThat(batch(augmentation, 3, 2, 9)).containsExactly(whole.get(3), whole.get(1));
  }

  @Test
  void variesFromEpochToEpoch() {
    int mirrored = 0;
    int changed = 0;
    for (int i = 0; i < images.size(); i++) {
      List<ByteBuffer> seen = new ArrayList<>();
      for (int epoch = 0; epoch < 10; epoch++) {
        seen.addAll(batch(AugmentationTest::mirror, epoch, i));
        mirrored += seen.get(epoch).equals(images.image(i)) ? 0 : 1;
      }
      changed += seen.stream().distinct().count() == 2 ? 1 : 0;
    }
    // 320 of 640 expected, standard deviation 13; all ten alike: 1 of 512 images
    assertThat(mirrored).isBetween(250, 390);
    assertThat(changed).isGreaterThan(60);
  }

  @Test
  void mirrorsWholePixels() {
    byte[] image = {1, 2, 3, 4, 5, 6};
    RandomGenerator heads = () -> 1;
    RandomGenerator tails = () -> -1;
    assertThat(mirror(image, 1, 2, 3, heads)).containsExactly(4, 5, 6, 1, 2, 3);
    assertThat(mirror(image, 1, 2, 3, tails)).containsExactly(1, 2, 3, 4, 5, 6);
  }
}
