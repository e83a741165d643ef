package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tools.cli.BaseCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Shows which data sets are where. */
@Command(
    name = "datasets",
    description = "Shows which data sets are available, and where; downloads them.",
    synopsisSubcommandLabel = "[download NAME]",
    commandListHeading = "%nCommands:%n",
    subcommands = DatasetsDownloadCommand.class)
final class DatasetsCommand extends BaseCommand implements Callable<Integer> {
  @Option(
      names = "--data_path",
      paramLabel = "DIR",
      defaultValue = "data",
      scope = ScopeType.INHERIT,
      description = "The folder of your data sets.")
  private Path dataPath;

  /** Returns the folder of the user's data sets. */
  Path dataPath() {
    return dataPath;
  }

  @Override
  public Integer call() {
    List<Availability> datasets = Datasets.status(dataPath);
    int name = width(datasets.stream().map(dataset -> dataset.dataset()));
    int state = width(datasets.stream().map(DatasetsCommand::state));
    for (Availability dataset : datasets) {
      out()
          .println(
              pad(dataset.dataset(), name)
                  + "  "
                  + pad(state(dataset), state)
                  + "  "
                  + detail(dataset));
    }
    return ExitCode.OK;
  }

  private static String state(Availability dataset) {
    return switch (dataset.place()) {
      case DATA_PATH -> "available";
      case DEBIAN_PACKAGE -> "Debian package";
      case SHIPPED -> "built in";
      case ABSENT -> "not here";
    };
  }

  private static String detail(Availability dataset) {
    return switch (dataset.place()) {
      case DATA_PATH, DEBIAN_PACKAGE -> dataset.location() + " (" + dataset.note() + ")";
      case SHIPPED -> dataset.note();
      case ABSENT -> dataset.note() + " in " + dataset.location();
    };
  }

  private static int width(Stream<String> column) {
    return column.mapToInt(String::length).max().orElse(0);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
