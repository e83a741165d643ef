package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.plots.PictureFile;
import org.imageperformer.tools.plots.ShiftPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws accuracy and loss against shift. */
@Command(
    name = "plot-shift",
    description = "Draws accuracy and loss against shift, one line per run.")
final class PlotShiftCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE.csv",
      description = "What test-shifted wrote; several files are drawn into one picture.")
  private List<Path> files;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The picture to write, .svg or .png.")
  private Path output;

  @Override
  public Integer call() {
    PictureFile picture = new PictureFile(output);
    OutputFile.check(output, files);
    ShiftPlot.draw(files, picture);
    return ExitCode.OK;
  }
}
