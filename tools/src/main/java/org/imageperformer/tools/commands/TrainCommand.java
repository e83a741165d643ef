package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.SEED;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.imageperformer.options.Affects;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.tools.cli.ModelCommand;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.tools.cli.TrainingArguments;
import org.imageperformer.tools.cli.TrainingSession;
import org.imageperformer.tools.summary.ModelSummary;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOutcome;
import org.imageperformer.training.TrainingResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Trains a model, or goes on with a training. */
@Command(
    name = "train",
    customSynopsis = {
      "${COMMAND-FULL-NAME} MODEL DATASET [OPTIONS]",
      "       ${COMMAND-FULL-NAME} --resume RUN_DIR [OPTIONS]"
    },
    description = {
      "Trains a model, tests its best checkpoint and exports it as a SavedModel.",
      "MODEL with --help lists the options of one model. Ctrl-C ends the training early, as a limit"
          + " does; a second Ctrl-C quits at once."
    })
final class TrainCommand extends ModelCommand implements Callable<Integer> {
  @Option(
      names = "--resume",
      paramLabel = "RUN_DIR",
      description =
          "Go on with an interrupted run exactly where its last checkpoint stands. Limits, data_path,"
              + " limit_test, and what says where it is computed and how often it is saved may be"
              + " changed.")
  private Path resume;

  @Override
  public Integer call() {
    TrainingConfig config = resume == null ? config() : changed();
    out().println(config.model() + " on " + config.dataset().name());
    out().println("seed " + config.get(SEED));
    ModelSummary.of(config.spec()).print(out());
    out().flush();
    TrainingOutcome outcome = train(config);
    print(outcome);
    return ExitCode.OK;
  }

  /** The options of the run to go on with, as changed. */
  private TrainingConfig changed() {
    if (namesModel()) {
      throw wrongUsage(
          "--resume goes on with the run's own model and data set: leave out MODEL and DATASET");
    }
    for (var row : TrainingArguments.all()) {
      if (row.affects() == Affects.NAME && TrainingArguments.given(this, row)) {
        throw wrongUsage("--resume goes on in the run's own folder: leave out --" + row);
      }
    }
    return changed(SavedRun.open(resume).config().toBuilder()).build();
  }

  private TrainingConfig.Builder changed(TrainingConfig.Builder saved) {
    return TrainingArguments.apply(this, saved);
  }

  private TrainingOutcome train(TrainingConfig config) {
    return TrainingSession.run(
        this,
        config,
        run -> resume == null ? run.start(config) : run.resume(resume, this::changed));
  }

  private void print(TrainingOutcome outcome) {
    TrainingResult training = outcome.training();
    Results results = outcome.results();
    training
        .best()
        .ifPresent(
            best ->
                out()
                    .println(
                        text(
                            "best: epoch %d, step %d, val/loss %.4f, val/acc %.4f",
                            best.epoch(), best.step(), results.valLoss(), results.valAcc())));
    out().println(text("test/loss %.4f, test/acc %.4f", results.testLoss(), results.testAcc()));
    out().println("run directory: " + outcome.directory());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
