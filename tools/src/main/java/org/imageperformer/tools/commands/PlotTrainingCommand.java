package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.plots.PictureFile;
import org.imageperformer.tools.plots.TrainingPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws the course of trainings. */
@Command(
    name = "plot-training",
    description = "Draws loss and accuracy over the epochs of training, for one run or several.")
final class PlotTrainingCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "RUN_DIR",
      description = "Run directories; all are drawn into one picture.")
  private List<Path> runs;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The picture to write, .svg or .png.")
  private Path output;

  @Override
  public Integer call() {
    PictureFile picture = new PictureFile(output);
    OutputFile.check(output, runs);
    TrainingPlot.draw(runs, picture);
    return ExitCode.OK;
  }
}
