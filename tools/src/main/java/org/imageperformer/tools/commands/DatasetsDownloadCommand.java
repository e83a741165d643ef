package org.imageperformer.tools.commands;

import java.util.concurrent.Callable;
import org.imageperformer.datasets.DatasetName;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.DownloadProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Downloads a data set before it is needed. */
@Command(
    name = "download",
    description = "Downloads the published files of a data set that are not there yet.")
final class DatasetsDownloadCommand extends BaseCommand implements Callable<Integer> {
  @ParentCommand private DatasetsCommand datasets;

  @Parameters(paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}.")
  private DatasetName name;

  @Override
  public Integer call() {
    out().println(Datasets.download(name, datasets.dataPath(), new DownloadProgress(err())));
    return ExitCode.OK;
  }
}
