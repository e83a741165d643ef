package org.imageperformer.eval;

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
 */
public record SweepRow(
    String runDir,
    double change,
    double accuracyMean,
    double accuracyStd,
    double lossMean,
    double lossStd) {}
