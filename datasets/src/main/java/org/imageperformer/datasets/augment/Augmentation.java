package org.imageperformer.datasets.augment;

import java.util.random.RandomGenerator;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;

/**
 * Varies an image on its way into a training batch. The caller makes one random stream for each
 * epoch and image of a run, so that a resumed run sees what an uninterrupted one would have seen;
 * hence an augmentation keeps no state and is safe for use by several threads at once.
 */
@FunctionalInterface
public interface Augmentation {
  /** Whether a training varies its images; of data sets that have an augmentation. */
  Option<Boolean> AUGMENT =
      Option.flag("augment")
          .affects(Affects.TRAINING)
          .help("Vary training images at random from epoch to epoch (docs/data.md).");

  /**
   * Varies one image.
   *
   * @param image {@code [height, width, channels]}, one byte per value; not changed
   * @param height rows
   * @param width columns
   * @param channels values per pixel, 1 or 3
   * @param random the only source of chance: the same stream and image give the same result. Draw
   *     by {@link RandomGenerator#nextLong()} where it must not depend on the version of Java
   * @return {@code [height, width, channels]}; may be the image itself
   */
  byte[] apply(byte[] image, int height, int width, int channels, RandomGenerator random);
}
