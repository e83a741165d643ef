package org.imageperformer.datasets;

import java.util.List;
import java.util.Objects;

/**
 * A data set in memory.
 *
 * @param name which one
 * @param train its training images, of which {@link Split} makes training and validation set
 * @param test its test images
 * @param sources the files it was read from
 */
public record Dataset(DatasetName name, ImageSet train, ImageSet test, List<SourceFile> sources) {
  /**
   * Checks that both sets hold images of the same size.
   *
   * @throws IllegalArgumentException if they do not
   */
  public Dataset {
    Objects.requireNonNull(name, "name");
    sources = List.copyOf(sources);
    if (train.height() != test.height()
        || train.width() != test.width()
        || train.channels() != test.channels()) {
      throw new IllegalArgumentException(
          "Training images are " + train.shape() + ", test images " + test.shape() + ".");
    }
  }
}
