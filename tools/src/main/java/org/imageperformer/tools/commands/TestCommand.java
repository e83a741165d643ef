package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.imageperformer.eval.EvaluationCsv;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.eval.RunEvaluation;
import org.imageperformer.eval.RunResult;
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

/** Evaluates one run. */
@Command(
    name = "test",
    description = "Computes validation and test loss and accuracy of a run, from its SavedModel.")
final class TestCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "The run.")
  private Path run;

  @Option(
      names = "--output",
      paramLabel = "FILE.csv",
      description = "Write hyperparameters and results to this table.")
  private Path output;

  @Mixin private EvalArguments arguments = new EvalArguments();

  @Override
  public Integer call() {
    if (output != null) {
      OutputFile.check(output, OutputFile.Content.TABLE);
    }
    RunResult result;
    try (EvalProgress progress = new EvalProgress(this)) {
      result = new RunEvaluation(arguments.options(this, progress)).evaluate(run);
    }
    if (output != null) {
      EvaluationCsv.writeSeries(output, result);
    }
    RunResults.writeIfAbsent(result, err());
    TextTable table = new TextTable(1, "", run.toString());
    for (Map.Entry<String, Object> value : result.results().asMap().entrySet()) {
      table.add(value.getKey(), RunResults.text(value.getValue()));
    }
    table.print(out());
    return ExitCode.OK;
  }
}
