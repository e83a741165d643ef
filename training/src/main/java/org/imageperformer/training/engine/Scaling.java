package org.imageperformer.training.engine;

import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.TrainingConfig;

/** How the pixels of a data set enter a model (data.md). */
public final class Scaling {

  private Scaling() {}

  /**
   * The scaling of a run: raw integers if the model wants them, else normalised by its data set.
   */
  public static PixelScaling of(TrainingConfig config) {
    DatasetInfo dataset = config.dataset();
    if (config.outline().traits().rawPixels()) {
      return PixelScaling.raw(dataset.channels());
    }
    return new PixelScaling(false, dataset.mean(), dataset.std());
  }
}
