package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.eval.RecursiveEvaluation;
import org.imageperformer.eval.RunResult;
import org.imageperformer.savedmodels.Results;
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

/** Evaluates all runs below a folder. */
@Command(
    name = "test-recursive",
    description = {
      "Does what test does for every run below a folder; symbolic links are followed.",
      "Runs without a SavedModel are left out. When a run fails the others go on, and the exit"
          + " status is 1."
    })
final class TestRecursiveCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Where to look for runs, itself included.")
  private Path folder;

  @Option(
      names = "--output",
      paramLabel = "FILE.csv",
      description = "Write a line for each run, hyperparameters and results, to this table.")
  private Path output;

  @Mixin private EvalArguments arguments = new EvalArguments();

  @Override
  public Integer call() {
    RecursiveEvaluation.Outcome outcome;
    try (EvalProgress progress = new EvalProgress(this)) {
      outcome =
          new RecursiveEvaluation(arguments.options(this, progress))
              .evaluate(folder, Optional.ofNullable(output));
    }
    if (!outcome.evaluated().isEmpty()) {
      TextTable table =
          new TextTable(
              1,
              "run_dir",
              Results.VAL_LOSS,
              Results.VAL_ACC,
              Results.TEST_LOSS,
              Results.TEST_ACC,
              Results.N_PARAMETERS);
      for (RunResult run : outcome.evaluated()) {
        RunResults.writeIfAbsent(run, err());
        Results results = run.results();
        table.add(
            run.run().toString(),
            RunResults.text(results.valLoss()),
            RunResults.text(results.valAcc()),
            RunResults.text(results.testLoss()),
            RunResults.text(results.testAcc()),
            RunResults.text(results.nParameters()));
      }
      table.print(out());
    }
    return outcome.failed().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
