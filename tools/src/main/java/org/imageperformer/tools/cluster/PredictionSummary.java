package org.imageperformer.tools.cluster;

/**
 * What became of many pictures.
 *
 * @param pictures all, each with a row of the output
 * @param broken those without a prediction
 * @param seconds from the first picture read to the output in its place, without the start of Spark
 */
public record PredictionSummary(long pictures, long broken, double seconds) {}
