package org.imageperformer.tools.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.imageperformer.eval.DatasetSource;
import org.imageperformer.eval.EvalListener;
import org.imageperformer.eval.EvalOptions;
import org.imageperformer.savedmodels.LoadOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that evaluate runs. */
public final class EvalArguments {
  @Option(
      names = "--data_path",
      paramLabel = "DIR",
      description = {"Folder of the data sets.", "  Default: that of each run's training"})
  private Path dataPath;

  @Mixin private LoadArguments load = new LoadArguments();

  /** Returns how runs are to be evaluated. */
  public EvalOptions options(BaseCommand command, EvalListener listener) {
    LoadOptions loading = load.options(command);
    return new EvalOptions(
        loading,
        Optional.ofNullable(dataPath),
        DatasetSource.usual(new DownloadProgress(command.err())),
        listener);
  }
}
