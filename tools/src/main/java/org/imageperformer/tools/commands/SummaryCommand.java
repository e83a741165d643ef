package org.imageperformer.tools.commands;

import java.util.concurrent.Callable;
import org.imageperformer.tools.cli.ModelCommand;
import org.imageperformer.tools.summary.ModelSummary;
import org.imageperformer.training.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Shows a model's parts without training it. */
@Command(
    name = "summary",
    customSynopsis = "${COMMAND-FULL-NAME} MODEL DATASET [OPTIONS]",
    description = {
      "Shows a model's parts, their parameters and the work per image, without training.",
      "It takes the options of train; MODEL with --help lists those of one model."
    })
final class SummaryCommand extends ModelCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    TrainingConfig config = config();
    out().println(config.model() + " on " + config.dataset().name());
    ModelSummary.of(config.spec()).print(out());
    return ExitCode.OK;
  }
}
