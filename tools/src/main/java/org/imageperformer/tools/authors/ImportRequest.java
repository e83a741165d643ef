package org.imageperformer.tools.authors;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.imageperformer.training.TrainingConfig;

/**
 * What the user says beside the files of a published program.
 *
 * @param target the run directory to make
 * @param model its name, ours or theirs
 * @param dataset its name, ours or theirs
 * @param checkpoint the file of a run that is to be read, else its newest
 * @param given options that the user gave, as texts by name
 * @param options sets those
 */
public record ImportRequest(
    Path target,
    Optional<String> model,
    Optional<String> dataset,
    Optional<Path> checkpoint,
    Map<String, String> given,
    UnaryOperator<TrainingConfig.Builder> options) {
  /** Copies the map. */
  public ImportRequest {
    given = Map.copyOf(given);
  }
}
