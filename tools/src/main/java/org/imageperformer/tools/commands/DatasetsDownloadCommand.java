package org.imageperformer.tools.commands;

import java.util.Iterator;
import java.util.concurrent.Callable;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.DownloadProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Downloads a data set before it is needed. */
@Command(
    name = "download",
    description = "Downloads the published files of a data set that are not there yet.")
final class DatasetsDownloadCommand extends BaseCommand implements Callable<Integer> {
  @ParentCommand private DatasetsCommand datasets;

  /** The data sets there are. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Datasets.all().stream().map(DatasetSource::name).iterator();
    }
  }

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String name;

  @Override
  public Integer call() {
    DatasetSource source;
    try {
      source = Datasets.source(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec().commandLine(), e.getMessage(), e, spec().positionalParameters().get(0), name);
    }
    out().println(source.download(datasets.dataPath(), new DownloadProgress(err())));
    return ExitCode.OK;
  }
}
