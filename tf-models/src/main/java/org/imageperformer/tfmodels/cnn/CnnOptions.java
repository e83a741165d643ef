package org.imageperformer.tfmodels.cnn;

import static org.imageperformer.options.Affects.MODEL;
import static org.imageperformer.options.Affects.TRAINING;

import org.imageperformer.options.Option;

/** The options of the convolutional baselines (docs/cnn.md). */
public final class CnnOptions {
  public static final Option<Integer> WIDTH =
      Option.integer("width", 64)
          .atLeast(4)
          .affects(MODEL)
          .speed()
          .help("Channels of the first convolution; all others are in proportion to it.");
  public static final Option<Double> DROPOUT =
      Option.number("dropout", 0.5)
          .check(
              rate -> rate >= 0 && rate < 1,
              rate -> "dropout is " + rate + ", must be at least 0 and below 1")
          .affects(TRAINING)
          .speed()
          .help("Dropout, in [0, 1).");

  private CnnOptions() {}
}
