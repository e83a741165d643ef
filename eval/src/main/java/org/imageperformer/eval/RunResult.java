package org.imageperformer.eval;

import java.nio.file.Path;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.Results;

/**
 * One run, evaluated.
 *
 * @param run its folder, as the caller named or found it
 * @param hparams its hyperparameters; data path and checksums are those of the files that were read
 * @param results validation and test loss and accuracy, and the number of parameters
 */
public record RunResult(Path run, HParams hparams, Results results) {}
