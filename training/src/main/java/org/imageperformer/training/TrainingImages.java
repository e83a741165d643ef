package org.imageperformer.training;

import java.util.List;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Partition;
import org.imageperformer.datasets.SourceFile;

/**
 * The images of a run: the same for the same configuration and data.
 *
 * @param train to learn from
 * @param validation to choose the best epoch by
 * @param test to judge the best epoch by
 * @param sources the files they were read from
 */
record TrainingImages(
    ImageSet train, ImageSet validation, ImageSet test, List<SourceFile> sources) {

  /**
   * @throws TrainingException when the split leaves no images to train on
   */
  static TrainingImages of(TrainingConfig config, Dataset dataset) {
    Partition partition =
        new Partition(
            config.seed(),
            config.valSplit(),
            config.limitTrain().orElse(Partition.ALL),
            config.limitVal().orElse(Partition.ALL),
            config.limitTest().orElse(Partition.ALL));
    try {
      return new TrainingImages(
          partition.train(dataset),
          partition.validation(dataset),
          partition.test(dataset),
          dataset.sources());
    } catch (IllegalArgumentException e) {
      throw new TrainingException(e.getMessage());
    }
  }
}
