package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.Optional;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.savedmodels.LoadOptions;

/**
 * How runs are evaluated.
 *
 * @param load how their models are run
 * @param dataPath the user's data folder; empty for the one each run was trained with
 * @param datasets where data sets come from
 * @param listener is told how it goes
 */
public record EvalOptions(
    LoadOptions load, Optional<Path> dataPath, DatasetSource datasets, EvalListener listener) {

  /**
   * Returns the usual options: each run's own data folder, nobody told.
   *
   * @param load how models are run
   */
  public static EvalOptions of(LoadOptions load) {
    return new EvalOptions(
        load,
        Optional.empty(),
        DatasetSource.usual(DownloadListener.silent()),
        EvalListener.silent());
  }
}
