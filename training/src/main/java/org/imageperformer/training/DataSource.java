package org.imageperformer.training;

import org.imageperformer.datasets.Dataset;

/** Brings the images of a configuration into memory. */
@FunctionalInterface
public interface DataSource {
  /**
   * Loads the data set, checked and resized.
   *
   * @param config dataset, data_path and image_size are used
   * @throws org.imageperformer.datasets.DatasetException when it is missing or damaged
   */
  Dataset load(TrainingConfig config);
}
