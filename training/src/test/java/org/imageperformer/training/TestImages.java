package org.imageperformer.training;

import java.util.Random;
import org.imageperformer.datasets.ImageSet;

/** Images of 3 rows, 5 columns and one channel that softmax regression can learn in part. */
final class TestImages {

  static final int PIXELS = 15;

  private TestImages() {}

  static ImageSet of(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * PIXELS];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(10);
      for (int j = 0; j < PIXELS; j++) {
        int level = (labels[i] * 37 + j * j * 11) % 200;
        pixels[i * PIXELS + j] = (byte) (level + random.nextInt(56));
      }
    }
    return ImageSet.of(pixels, labels, 3, 5, 1);
  }
}
