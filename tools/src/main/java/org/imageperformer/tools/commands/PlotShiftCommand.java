package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.tools.plots.PictureFile;
import org.imageperformer.tools.plots.SweepPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Draws accuracy and loss against shift. */
@Command(
    name = "plot-shift",
    description = "Draws accuracy and loss against shift, one line per run.")
final class PlotShiftCommand extends PlotCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE.csv",
      description = "What test-shifted wrote; several files are drawn into one picture.")
  private List<Path> files;

  @Override
  List<Path> inputs() {
    return files;
  }

  @Override
  void draw(PictureFile picture) {
    new SweepPlot(SweepAxis.SHIFT).draw(files, picture);
  }
}
