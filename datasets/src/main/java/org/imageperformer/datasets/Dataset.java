package org.imageperformer.datasets;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A data set as it was read. Nothing need be closed: see {@link ImageSet}.
 *
 * @param info which one
 * @param train its training images
 * @param validation its own validation images; empty where {@link Partition} splits them off the
 *     training images
 * @param test its test images
 * @param sources the files it was read from
 */
public record Dataset(
    DatasetInfo info,
    ImageSet train,
    Optional<ImageSet> validation,
    ImageSet test,
    List<SourceFile> sources) {
  /**
   * Checks that all sets hold images of the same size.
   *
   * @throws IllegalArgumentException if they do not
   */
  public Dataset {
    Objects.requireNonNull(info, "info");
    sources = List.copyOf(sources);
    checkSize(train, "test", test);
    validation.ifPresent(images -> checkSize(train, "validation", images));
  }

  /** A data set without validation images of its own. */
  public Dataset(DatasetInfo info, ImageSet train, ImageSet test, List<SourceFile> sources) {
    this(info, train, Optional.empty(), test, sources);
  }

  private static void checkSize(ImageSet train, String part, ImageSet images) {
    if (!train.shape().equals(images.shape())) {
      throw new IllegalArgumentException(
          "Training images are " + train.shape() + ", " + part + " images " + images.shape() + ".");
    }
  }
}
