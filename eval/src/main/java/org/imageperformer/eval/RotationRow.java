package org.imageperformer.eval;

/**
 * How good a run is on turned images.
 *
 * @param runDir the run, as the user named it
 * @param angle degrees counterclockwise
 * @param accuracyMean share of images classified rightly, 0 to 1
 * @param accuracyStd sample standard deviation (n - 1) of the images' accuracies, 0 or 1 each; NaN
 *     for a single image
 * @param lossMean mean cross-entropy, nats
 * @param lossStd sample standard deviation (n - 1) of the images' losses; NaN for a single image
 */
public record RotationRow(
    String runDir,
    double angle,
    double accuracyMean,
    double accuracyStd,
    double lossMean,
    double lossStd) {}
