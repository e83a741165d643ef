package org.imageperformer.tools.bench;

import java.util.Random;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.imageperformer.training.TrainingConfig;

/** Images of noise: speed does not depend on what is in them. */
final class NoiseImages {
  private static final long SEED = 1;

  private NoiseImages() {}

  static ImageSet of(TrainingConfig config, int count) {
    ModelConfig model = config.modelConfig();
    Random random = new Random(SEED);
    byte[] pixels = new byte[count * model.height() * model.width() * model.channels()];
    random.nextBytes(pixels);
    int[] labels = random.ints(count, 0, model.numClasses()).toArray();
    return ImageSet.of(pixels, labels, model.height(), model.width(), model.channels());
  }
}
