package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.eval.ShiftRow;
import org.imageperformer.eval.ShiftSweep;
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

/** Evaluates runs on images moved sideways. */
@Command(
    name = "test-shifted",
    description = {
      "Computes accuracy and loss of runs on test images that are moved sideways.",
      "Only images with margins wide enough are used; data sets without empty margins are refused."
    })
final class TestShiftedCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "RUN_DIR", description = "The runs.")
  private List<Path> runs;

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
      description = "Move them by -N to +N columns.")
  private int minShift;

  @Option(
      names = "--output",
      paramLabel = "FILE.csv",
      description = "Write the results to this table, which plot-shift draws.")
  private Path output;

  @Mixin private EvalArguments arguments = new EvalArguments();

  @Override
  public Integer call() {
    SweepOutcome<ShiftRow> outcome;
    try (EvalProgress progress = new EvalProgress(this)) {
      outcome =
          new ShiftSweep(arguments.options(this, progress), new LinkedHashSet<>(labels), minShift)
              .sweep(runs, Optional.ofNullable(output));
    }
    if (!outcome.rows().isEmpty()) {
      TextTable table =
          new TextTable(
              1, "run_dir", "shift", "accuracy_mean", "accuracy_std", "loss_mean", "loss_std");
      for (ShiftRow row : outcome.rows()) {
        table.add(
            row.runDir(),
            Integer.toString(row.shift()),
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
