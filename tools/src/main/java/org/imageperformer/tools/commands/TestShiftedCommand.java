package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.ShiftDirection;
import org.imageperformer.eval.ShiftSweep;
import org.imageperformer.eval.Sweep;
import org.imageperformer.tools.cli.EvalArguments;
import org.imageperformer.tools.cli.EvalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates runs on images moved sideways. */
@Command(
    name = "test-shifted",
    description = {
      "Computes accuracy and loss of runs on test images that are moved sideways, or down.",
      "Only images with margins wide enough are used; data sets without empty margins are refused."
    })
final class TestShiftedCommand extends SweepCommand {
  @Option(
      names = "--labels",
      arity = "1..*",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description = "Use images of these classes.")
  private List<Integer> labels;

  @Option(
      names = "--min_shift",
      paramLabel = "N",
      defaultValue = "10",
      description = "Move them by -N to +N pixels.")
  private int minShift;

  @Option(
      names = "--direction",
      paramLabel = "horizontal|vertical|diagonal",
      defaultValue = "horizontal",
      description = "Which way: positive is right, down, or both at once.")
  private ShiftDirection direction;

  @Option(
      names = "--output",
      paramLabel = "FILE.csv",
      description = "Write the results to this table, which plot-shift draws.")
  private Path output;

  @Mixin private EvalArguments arguments = new EvalArguments();

  @Override
  Sweep sweep(EvalProgress progress) {
    return new ShiftSweep(
        arguments.options(this, progress), new LinkedHashSet<>(labels), minShift, direction);
  }

  @Override
  Optional<Path> output() {
    return Optional.ofNullable(output);
  }
}
