package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.imageperformer.eval.Angles;
import org.imageperformer.eval.RotationSweep;
import org.imageperformer.eval.Sweep;
import org.imageperformer.tools.cli.EvalArguments;
import org.imageperformer.tools.cli.EvalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates runs on turned images. */
@Command(
    name = "test-rotated",
    description = {
      "Computes accuracy and loss of runs on test images that are turned about their centre.",
      "Angles are counterclockwise. Zeros (black) enter at the corners; values between pixels are"
          + " bilinear, and turns by multiples of 90 degrees exact."
    })
final class TestRotatedCommand extends SweepCommand {
  @Option(
      names = "--angles",
      paramLabel = "FROM:TO:STEP",
      defaultValue = "0:345:15",
      description = "Turn them by these angles, in degrees; also a list, 0,90,180.")
  private String angles;

  @Option(
      names = "--labels",
      arity = "1..*",
      split = ",",
      paramLabel = "N",
      description = {"Use images of these classes.", "  Default: all"})
  private List<Integer> labels = List.of();

  @Option(
      names = "--limit_test",
      paramLabel = "N",
      description = {"Use the first N test images.", "  Default: all"})
  private Integer limitTest;

  @Option(
      names = "--disc",
      description =
          "Blacken all but the largest circle within the frame, at every angle, so that corners tell"
              + " nothing.")
  private boolean disc;

  @Option(
      names = "--output",
      paramLabel = "FILE.csv",
      description = "Write the results to this table, which plot-rotation draws.")
  private Path output;

  @Mixin private EvalArguments arguments = new EvalArguments();

  @Override
  Sweep sweep(EvalProgress progress) {
    return new RotationSweep(
        arguments.options(this, progress),
        new LinkedHashSet<>(labels),
        Angles.parse(angles),
        Optional.ofNullable(limitTest),
        disc);
  }

  @Override
  Optional<Path> output() {
    return Optional.ofNullable(output);
  }
}
