package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.plots.PictureFile;
import org.imageperformer.tools.plots.RotationPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws accuracy and loss against the angle of turned images. */
@Command(
    name = "plot-rotation",
    description = "Draws accuracy and loss against the angle of turned images, one line per run.")
final class PlotRotationCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE.csv",
      description = "What test-rotated wrote; several files are drawn into one picture.")
  private List<Path> files;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The picture to write, .svg or .png.")
  private Path output;

  @Override
  public Integer call() {
    RotationPlot.draw(files, new PictureFile(output));
    return ExitCode.OK;
  }
}
