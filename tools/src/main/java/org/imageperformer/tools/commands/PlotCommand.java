package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.plots.PictureFile;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Draws a picture from files. */
abstract class PlotCommand extends BaseCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The picture to write, .svg or .png.")
  private Path output;

  /** What is read. */
  abstract List<Path> inputs();

  abstract void draw(PictureFile picture);

  @Override
  public final Integer call() {
    PictureFile picture = new PictureFile(output);
    OutputFile.check(output, OutputFile.Content.PICTURE, inputs());
    draw(picture);
    return ExitCode.OK;
  }
}
