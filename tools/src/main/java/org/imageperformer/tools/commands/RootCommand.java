package org.imageperformer.tools.commands;

import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.ProductVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line as a whole: its commands, in the order in which help lists them. */
@Command(
    name = "performer",
    versionProvider = ProductVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Image Performers with relative positions: train, test, compare and serve them.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Options may be written --like_this or --like-this.",
      "COMMAND --help shows the options of one command.",
      "--gpu or --cpu as the first word of all chooses TensorFlow's library (docs/gpu.md)."
    },
    subcommands = {
      TrainCommand.class,
      LaunchCommand.class,
      SweepTrainingsCommand.class,
      TestCommand.class,
      TestRecursiveCommand.class,
      TestShiftedCommand.class,
      TestRotatedCommand.class,
      PredictCommand.class,
      PredictManyCommand.class,
      ServeCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      SummaryCommand.class,
      EquivarianceCommand.class,
      BenchCommand.class,
      BenchWorkerCommand.class,
      ReproduceCommand.class,
      ReportCommand.class,
      PlotShiftCommand.class,
      PlotRotationCommand.class,
      PlotTrainingCommand.class,
      ExportScalarsCommand.class,
      DatasetsCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
    })
public final class RootCommand extends BaseCommand {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;
}
