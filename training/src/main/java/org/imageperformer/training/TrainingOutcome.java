package org.imageperformer.training;

import java.nio.file.Path;
import org.imageperformer.savedmodels.Results;

/**
 * What a whole run came to.
 *
 * @param directory the run directory
 * @param config with every option as it was used
 * @param training how the training ended
 * @param results of the best checkpoint
 */
public record TrainingOutcome(
    Path directory, TrainingConfig config, TrainingResult training, Results results) {}
