package org.imageperformer.training;

import static org.imageperformer.training.TrainingOptions.LIMIT_TEST;
import static org.imageperformer.training.TrainingOptions.LIMIT_TRAIN;
import static org.imageperformer.training.TrainingOptions.LIMIT_VAL;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.VAL_SPLIT;

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
            config.get(SEED),
            config.get(VAL_SPLIT),
            config.find(LIMIT_TRAIN).orElse(Partition.ALL),
            config.find(LIMIT_VAL).orElse(Partition.ALL),
            config.find(LIMIT_TEST).orElse(Partition.ALL));
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
