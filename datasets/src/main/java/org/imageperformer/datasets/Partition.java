package org.imageperformer.datasets;

import java.util.Optional;

/**
 * Which images of a data set a run trains on, validates on and is tested on: the one rule that
 * training and evaluation share, so that an evaluation sees what its training saw.
 *
 * @param seed decides which images are split off for validation
 * @param validationSize how many training images are split off; not looked at where the data set
 *     has {@linkplain Dataset#validation validation images of its own}
 * @param limitTrain only so many of the first training images count; empty for all
 * @param limitValidation likewise
 * @param limitTest likewise
 */
public record Partition(
    long seed,
    int validationSize,
    Optional<Integer> limitTrain,
    Optional<Integer> limitValidation,
    Optional<Integer> limitTest) {
  /**
   * The images to learn from.
   *
   * @param dataset the data set of the run
   * @return a view on its training images
   * @throws IllegalArgumentException if the data set is too small for the split
   */
  public ImageSet train(Dataset dataset) {
    return limited(
        dataset.validation().isPresent() ? dataset.train() : split(dataset).train(), limitTrain);
  }

  /**
   * The images to choose the best epoch by.
   *
   * @param dataset the data set of the run
   * @return a view on its own validation images, or else on those split off its training images
   * @throws IllegalArgumentException if the data set is too small for the split
   */
  public ImageSet validation(Dataset dataset) {
    return limited(
        dataset.validation().orElseGet(() -> split(dataset).validation()), limitValidation);
  }

  /**
   * The images to judge the best epoch by.
   *
   * @param dataset the data set of the run
   * @return a view on its test images
   */
  public ImageSet test(Dataset dataset) {
    return limited(dataset.test(), limitTest);
  }

  private Split split(Dataset dataset) {
    return Split.of(dataset.train(), validationSize, seed);
  }

  private static ImageSet limited(ImageSet images, Optional<Integer> limit) {
    return limit.map(images::first).orElse(images);
  }
}
