package org.imageperformer.tools.bench;

import java.util.Random;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.training.TrainingConfig;

/** Images of noise: speed does not depend on what is in them. */
final class NoiseImages {
  private static final long SEED = 1;

  private NoiseImages() {}

  static ImageSet of(TrainingConfig config, int count) {
    ImageShape shape = config.spec().shape();
    Random random = new Random(SEED);
    byte[] pixels = new byte[count * shape.pixels() * shape.channels()];
    random.nextBytes(pixels);
    int[] labels = random.ints(count, 0, config.spec().classes()).toArray();
    return ImageSet.of(pixels, labels, shape.height(), shape.width(), shape.channels());
  }
}
