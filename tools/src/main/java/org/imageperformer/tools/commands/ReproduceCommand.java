package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.EXP_NAME;
import static org.imageperformer.training.TrainingOptions.LOG_PATH;
import static org.imageperformer.training.TrainingOptions.MAX_STEPS;
import static org.imageperformer.training.TrainingOptions.MAX_TIME;
import static org.imageperformer.training.TrainingOptions.THREADS;
import static org.imageperformer.training.TrainingOptions.VERSION;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.tools.cli.TrainingSession;
import org.imageperformer.tools.reproduce.RunComparison;
import org.imageperformer.tools.reproduce.RunMetrics;
import org.imageperformer.training.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a run again and compares. */
@Command(
    name = "reproduce",
    description = {
      "Trains a run again, from its options, seed and number of threads and for as many steps, and"
          + " says whether the results are identical, and where they part.",
      "Exit status 1 when they are not. Identical they can only be on the same kind of machine."
          + " What else was different, such as the program's version or the data, is said, too."
    })
final class ReproduceCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "The run.")
  private Path path;

  @Option(
      names = "--version",
      paramLabel = "NAME",
      description = {
        "The folder of the new run, beside the run.",
        "  Default: its name with _reproduced"
      })
  private String version;

  @Option(
      names = "--data_path",
      paramLabel = "DIR",
      description = {"Folder of the data sets.", "  Default: that of the run's training"})
  private Path dataPath;

  @Override
  public Integer call() {
    SavedRun run = SavedRun.open(path);
    RunDirectory directory = run.directory();
    if (!Files.exists(directory.results())) {
      throw new CommandFailure(
          directory + " has no results.json: its training has not ended. Resume it first");
    }
    RunMetrics metrics = RunMetrics.read(directory.metrics());
    TrainingConfig config = config(run, metrics);
    Path again = TrainingSession.run(this, config, training -> training.start(config)).directory();
    SavedRun now = SavedRun.open(again);
    List<String> differences = RunComparison.differences(run, now);
    out().println("run directory: " + again);
    RunComparison.circumstances(run, now).forEach(out()::println);
    if (differences.isEmpty()) {
      out().println("identical: metrics, results and the weights of both checkpoints");
      return ExitCode.OK;
    }
    out().println("not identical:");
    differences.forEach(difference -> out().println("  " + difference));
    return ExitCode.SOFTWARE;
  }

  /** The run's options, ending where it ended, whatever ended it. */
  private TrainingConfig config(SavedRun run, RunMetrics metrics) {
    Path folder = run.directory().path().toAbsolutePath().normalize();
    HParams hparams = HParams.read(run.directory().hparams());
    TrainingConfig.Builder builder =
        run.config().toBuilder()
            .set(LOG_PATH, folder.getParent().getParent())
            .set(EXP_NAME, folder.getParent().getFileName().toString())
            .set(VERSION, Optional.ofNullable(version).orElse(folder.getFileName() + "_reproduced"))
            .clear(MAX_TIME)
            .set(MAX_STEPS, metrics.steps());
    Optional.ofNullable(dataPath).ifPresent(value -> builder.set(DATA_PATH, value));
    if (hparams.values().get("threads_used") instanceof Number threads) {
      builder.set(THREADS, threads.intValue());
    }
    return builder.build();
  }
}
