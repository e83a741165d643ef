package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.EXP_NAME;
import static org.imageperformer.training.TrainingOptions.LOG_PATH;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.folder.FolderSource;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Options;
import org.imageperformer.savedmodels.FollowedPath;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.tools.cli.ModelCommand;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.tools.cli.TrainingArguments;
import org.imageperformer.tools.cli.TrainingSession;
import org.imageperformer.tools.summary.ModelSummary;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOutcome;
import org.imageperformer.training.TrainingResult;
import org.imageperformer.training.TrainingRun;
import org.imageperformer.training.workers.WorkerOptions;
import org.imageperformer.training.workers.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Trains a model, or goes on with a training. */
@Command(
    name = "train",
    modelTransformer = TrainCommand.Arguments.class,
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
  static final class Arguments extends ModelCommand.Arguments {
    @Override
    public CommandSpec transform(CommandSpec command) {
      CommandSpec all = super.transform(command);
      TrainingArguments.add(all, WorkerOptions.SET);
      return all;
    }
  }

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
    Options processes = TrainingArguments.values(this, WorkerOptions.SET);
    Optional<Workers> workers = workers(processes);
    TrainingConfig config = resume == null ? config() : changed();
    workers.ifPresent(all -> requireShareable(config, all));
    if (resume == null) {
      refuseRunsAmongPictures(config);
    }
    out().println(config.model() + " on " + config.dataset().name());
    out().println("seed " + config.get(SEED));
    ModelSummary.of(config.spec()).print(out());
    out().flush();
    if (workers.isPresent()) {
      train(config, workers.get(), processes.get(WorkerOptions.WORKER_TIMEOUT));
    } else {
      print(TrainingSession.run(this, config, run -> train(run, config)));
    }
    return ExitCode.OK;
  }

  private Optional<Workers> workers(Options options) {
    try {
      return WorkerOptions.workers(
          options, Optional.ofNullable(System.getenv(WorkerOptions.TF_CONFIG)));
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  private void requireShareable(TrainingConfig config, Workers workers) {
    List<String> problems = new ArrayList<>();
    config
        .outline()
        .coupling()
        .ifPresent(
            tie ->
                problems.add(
                    "%s with %s ties the images of a batch together, so that %d workers cannot share it: train it in one process"
                        .formatted(config.model(), tie, workers.size())));
    if (resume == null && !TrainingArguments.given(this, SEED)) {
      problems.add(
          "seed is missing: all workers need the same, such as --seed " + config.get(SEED));
    }
    if (!problems.isEmpty()) {
      throw wrongUsage(String.join("; ", problems));
    }
  }

  /** A later training would take the runs for a class of the pictures. */
  private void refuseRunsAmongPictures(TrainingConfig config) {
    DatasetSource source = Datasets.source(config.dataset().name());
    Path pictures = config.get(DATA_PATH);
    Path experiment = config.get(LOG_PATH).resolve(config.get(EXP_NAME));
    if (source.name().equals(FolderSource.NAME)
        && FollowedPath.of(experiment).startsWith(FollowedPath.of(pictures))) {
      throw wrongUsage(
          "log_path is %s: the run would lie in %s, among the pictures of %s, and be taken for a class of them. Choose another --log_path"
              .formatted(config.get(LOG_PATH), experiment, pictures));
    }
  }

  /** Trains as one of several; the first of them has the results. */
  private void train(TrainingConfig config, Workers workers, Duration timeout) {
    err()
        .println(
            "task %d of %d; TensorFlow's server listens on port %d of ALL interfaces, WITHOUT authentication, and runs whatever it is sent: use it in a trusted network only (docs/distributed.md)"
                .formatted(workers.task(), workers.size(), workers.port()));
    if (workers.task() == 0) {
      print(TrainingSession.run(this, config, workers, timeout, run -> train(run, config)));
      return;
    }
    TrainingResult result =
        TrainingSession.run(
            this,
            config,
            workers,
            timeout,
            run -> resume == null ? run.assist(config) : run.assist(resume, this::changed));
    out()
        .println(
            "%s after %d steps; task 0 tests, exports and has the run directory"
                .formatted(result.description(), result.steps()));
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

  private TrainingOutcome train(TrainingRun run, TrainingConfig config) {
    return resume == null ? run.start(config) : run.resume(resume, this::changed);
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
