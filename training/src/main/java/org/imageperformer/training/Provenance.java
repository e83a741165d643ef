package org.imageperformer.training;

import java.util.Optional;

/**
 * With what a run was made: goes into hparams.json beside its options.
 *
 * @param productVersion of this product
 * @param gitCommit the product was built from, if known
 * @param tensorflowVersion of the native library
 * @param device the computation runs on, in words
 * @param threads of the computation
 */
public record Provenance(
    String productVersion,
    Optional<String> gitCommit,
    String tensorflowVersion,
    String device,
    int threads) {}
