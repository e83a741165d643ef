package org.imageperformer.datasets;

/**
 * Which images of a data set a run trains on, validates on and is tested on: the one rule that
 * training and evaluation share, so that an evaluation sees what its training saw. All sets are
 * views.
 *
 * @param seed decides which images are split off for validation
 * @param validationSize how many training images are split off; not looked at where the data set
 *     has {@linkplain Dataset#validation validation images of its own}
 * @param limitTrain only so many of the first training images count, {@link #ALL} for no limit
 * @param limitValidation likewise
 * @param limitTest likewise
 */
public record Partition(
    long seed, int validationSize, int limitTrain, int limitValidation, int limitTest) {
  /** No limit. */
  public static final int ALL = Integer.MAX_VALUE;

  /**
   * The images to learn from.
   *
   * @throws IllegalArgumentException if the data set is too small for the split
   */
  public ImageSet train(Dataset dataset) {
    boolean whole = dataset.validation().isPresent();
    return (whole ? dataset.train() : split(dataset).train()).first(limitTrain);
  }

  /**
   * The images to choose the best epoch by: the data set's own, or those split off.
   *
   * @throws IllegalArgumentException if the data set is too small for the split
   */
  public ImageSet validation(Dataset dataset) {
    return dataset.validation().orElseGet(() -> split(dataset).validation()).first(limitValidation);
  }

  /** The images to judge the best epoch by. */
  public ImageSet test(Dataset dataset) {
    return dataset.test().first(limitTest);
  }

  private Split split(Dataset dataset) {
    return Split.of(dataset.train(), validationSize, seed);
  }
}
