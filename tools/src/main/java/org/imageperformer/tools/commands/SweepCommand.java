package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.eval.Sweep;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepCsv;
import org.imageperformer.eval.SweepOutcome;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.EvalProgress;
import org.imageperformer.tools.cli.RunResults;
import org.imageperformer.tools.cli.TextTable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Evaluates runs on test images that are changed step by step. */
abstract class SweepCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "RUN_DIR", description = "The runs.")
  private List<Path> runs;

  /** What is to be done, by the options. */
  abstract Sweep sweep(EvalProgress progress);

  /** The table to write. */
  abstract Optional<Path> output();

  @Override
  public final Integer call() {
    SweepOutcome outcome;
    SweepAxis axis;
    try (EvalProgress progress = new EvalProgress(this)) {
      Sweep sweep = sweep(progress);
      axis = sweep.axis();
      outcome = sweep.sweep(runs, output());
    }
    if (!outcome.rows().isEmpty()) {
      table(axis, outcome.rows()).print(out());
    }
    return outcome.failed().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static TextTable table(SweepAxis axis, List<SweepRow> rows) {
    boolean several = SweepRow.ofSeveralDatasets(rows);
    List<String> header =
        List.of("run_dir", axis.column(), "accuracy_mean", "accuracy_std", "loss_mean", "loss_std");
    TextTable table = new TextTable(1, cells(header, several, SweepCsv.DATASET));
    for (SweepRow row : rows) {
      List<String> values =
          List.of(
              row.runDir(),
              SweepAxis.text(row.change()),
              RunResults.text(row.accuracyMean()),
              RunResults.text(row.accuracyStd()),
              RunResults.text(row.lossMean()),
              RunResults.text(row.lossStd()));
      table.add(cells(values, several, row.dataset().orElse("")));
    }
    return table;
  }

  /** The cells of a row, with the data set only where there are several. */
  private static String[] cells(List<String> values, boolean several, String dataset) {
    List<String> cells = new ArrayList<>(values);
    if (several) {
      cells.add(dataset);
    }
    return cells.toArray(String[]::new);
  }
}
