package org.imageperformer.training;

import static org.imageperformer.training.TrainingOptions.LIMIT_TEST;
import static org.imageperformer.training.TrainingOptions.LIMIT_TRAIN;
import static org.imageperformer.training.TrainingOptions.LIMIT_VAL;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.VAL_SPLIT;

import java.util.List;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.Split;

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
    Split split;
    try {
      split = Split.of(dataset.train(), config.get(VAL_SPLIT), config.get(SEED));
    } catch (IllegalArgumentException e) {
      throw new TrainingException(e.getMessage());
    }
    return new TrainingImages(
        split.train().first(config.find(LIMIT_TRAIN).orElse(Integer.MAX_VALUE)),
        split.validation().first(config.find(LIMIT_VAL).orElse(Integer.MAX_VALUE)),
        dataset.test().first(config.find(LIMIT_TEST).orElse(Integer.MAX_VALUE)),
        dataset.sources());
  }
}
