package org.imageperformer.tools.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.eval.EvalException;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.training.TrainingConfig;

/** Options of a newer version in a run that is evaluated: its model carries them, this one not. */
final class UnknownOptions {
  private UnknownOptions() {}

  /** The warning for a run; empty where all is known, or it cannot be read and others say so. */
  static Optional<String> warning(Path run) {
    try {
      RunDirectory directory = RunDirectory.open(run);
      Set<String> unknown = TrainingConfig.unknownNames(HParams.read(directory.hparams()));
      return unknown.isEmpty()
          ? Optional.empty()
          : Optional.of(
              directory.hparams()
                  + " has options that this version does not know, and evaluates without: "
                  + String.join(", ", unknown));
    } catch (RunException | EvalException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
