package org.imageperformer.eval;

import java.util.List;
import java.util.Optional;

/**
 * How good a run is on test images that are changed by so much.
 *
 * @param runDir the run, as the user named it
 * @param change how much, on the {@link SweepAxis} of the sweep: columns to the right, or degrees
 *     counterclockwise
 * @param accuracyMean share of images classified rightly, 0 to 1
 * @param accuracyStd sample standard deviation (n - 1) of the images' accuracies, 0 or 1 each; NaN
 *     for a single image
 * @param lossMean mean cross-entropy, nats
 * @param lossStd sample standard deviation (n - 1) of the images' losses; NaN for a single image
 * @param dataset whose test images they are; empty where a table does not say
 */
public record SweepRow(
    String runDir,
    double change,
    double accuracyMean,
    double accuracyStd,
    double lossMean,
    double lossStd,
    Optional<String> dataset) {

  /** A row of a table that does not say the data set, since all of its runs share one. */
  public SweepRow(
      String runDir,
      double change,
      double accuracyMean,
      double accuracyStd,
      double lossMean,
      double lossStd) {
    this(runDir, change, accuracyMean, accuracyStd, lossMean, lossStd, Optional.empty());
  }

  /**
   * Returns whether rows have to say their data set to be told apart.
   *
   * @param rows of one table
   */
  public static boolean ofSeveralDatasets(List<SweepRow> rows) {
    return rows.stream().map(SweepRow::dataset).distinct().count() > 1;
  }
}
