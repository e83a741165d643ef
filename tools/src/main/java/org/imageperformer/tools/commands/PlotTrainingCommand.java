package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import org.imageperformer.tools.plots.PictureFile;
import org.imageperformer.tools.plots.TrainingPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Draws the course of trainings. */
@Command(
    name = "plot-training",
    description = "Draws loss and accuracy over the epochs of training, for one run or several.")
final class PlotTrainingCommand extends PlotCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "RUN_DIR",
      description = "Run directories; all are drawn into one picture.")
  private List<Path> runs;

  @Override
  List<Path> inputs() {
    return runs;
  }

  @Override
  void draw(PictureFile picture) {
    TrainingPlot.draw(runs, picture);
  }
}
