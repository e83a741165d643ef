package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.eval.Angles;
import org.imageperformer.eval.RotationCsv;
import org.imageperformer.eval.RotationRow;
import org.imageperformer.eval.RotationSweep;
import org.imageperformer.eval.SweepOutcome;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.EvalArguments;
import org.imageperformer.tools.cli.EvalProgress;
import org.imageperformer.tools.cli.RunResults;
import org.imageperformer.tools.cli.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates runs on turned images. */
@Command(
    name = "test-rotated",
    description = {
      "Computes accuracy and loss of runs on test images that are turned about their centre.",
      "Angles are counterclockwise. Zeros (black) enter at the corners; values between pixels are"
          + " bilinear, and turns by multiples of 90 degrees exact."
    })
final class TestRotatedCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "RUN_DIR", description = "The runs.")
  private List<Path> runs;

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
  public Integer call() {
    SweepOutcome<RotationRow> outcome;
    try (EvalProgress progress = new EvalProgress(this)) {
      outcome =
          new RotationSweep(
                  arguments.options(this, progress),
                  new LinkedHashSet<>(labels),
                  Angles.parse(angles),
                  Optional.ofNullable(limitTest),
                  disc)
              .sweep(runs, Optional.ofNullable(output));
    }
    if (!outcome.rows().isEmpty()) {
      TextTable table =
          new TextTable(
              1, "run_dir", "angle", "accuracy_mean", "accuracy_std", "loss_mean", "loss_std");
      for (RotationRow row : outcome.rows()) {
        table.add(
            row.runDir(),
            RotationCsv.angle(row.angle()),
            RunResults.text(row.accuracyMean()),
            RunResults.text(row.accuracyStd()),
            RunResults.text(row.lossMean()),
            RunResults.text(row.lossStd()));
      }
      table.print(out());
    }
    return outcome.failed().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
