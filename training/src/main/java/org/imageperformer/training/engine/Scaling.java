package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.datasets.DatasetName;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.TrainingConfig;

/** How the pixels of a data set enter a model (data.md). */
public final class Scaling {

  private Scaling() {}

  /**
   * The scaling of a run: raw integers if the model wants them, else normalised by its data set.
   */
  public static PixelScaling of(TrainingConfig config) {
    DatasetName dataset = config.dataset();
    if (config.outline().traits().rawPixels()) {
      return PixelScaling.raw(dataset.channels());
    }
    return new PixelScaling(false, list(dataset.mean()), list(dataset.std()));
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
