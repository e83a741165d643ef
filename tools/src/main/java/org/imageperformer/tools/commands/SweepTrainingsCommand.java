package org.imageperformer.tools.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.imageperformer.eval.EvalException;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.tools.cluster.ClusterEngine;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.SparkSettings;
import org.imageperformer.tools.cluster.SweepJob;
import org.imageperformer.tools.cluster.SweepPlan;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingException;
import org.imageperformer.training.TrainingOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Trains many models. */
@Command(
    name = "sweep",
    description = {
      "Trains a model for each combination of options in a file, by Apache Spark, on this machine or a"
          + " cluster; then tests all and writes a table and a report.",
      "Started again, it leaves out the runs that are finished and goes on with those that were"
          + " interrupted. When a run fails the others go on, and the exit status is 1.",
      "The first use downloads Spark (about 290 MB)."
    },
    footer = {
      "",
      "Example of SWEEP.json, four runs:",
      "  {\"model\": \"Performer\", \"dataset\": \"MNISTSample\", \"max_epochs\": 2,",
      "   \"grid\": {\"dim\": [64, 128], \"seed\": [1, 2]}}",
      "  ${COMMAND-FULL-NAME} SWEEP.json --output sweeps/first"
    })
final class SweepTrainingsCommand extends ClusterCommand {
  @Parameters(
      index = "0",
      paramLabel = "SWEEP.json",
      description = {
        "Options of train, with model and dataset: those of all runs; in \"grid\", lists of values to"
            + " be combined; in \"runs\", a list of objects with options of single runs."
      })
  private Path file;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder of all runs, of the table and the report; all machines share it.")
  private Path output;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Processor threads of each run.")
  private int threads;

  @Option(names = "--no_report", description = "Leave out the table and the report at the end.")
  private boolean noReport;

  private Path folder;
  private List<SweepPlan.Run> all;
  private final List<SweepPlan.Run> open = new ArrayList<>();

  @Override
  void check() {
    if (threads < 1) {
      throw wrongUsage("threads is " + threads + ", must be at least 1");
    }
    SweepPlan plan = SweepPlan.read(file);
    List<String> problems = new ArrayList<>(plan.problems());
    folder = output.toAbsolutePath().normalize();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      problems.add("output is " + output + ", which is a file");
    }
    if (problems.isEmpty()) {
      problems.addAll(checkRuns(plan.runs()));
    }
    if (!problems.isEmpty()) {
      throw wrongUsage(file + ": " + String.join("; ", problems));
    }
    all = plan.runs();
  }

  /** As train would check each; what all runs have in common is said once. */
  private List<String> checkRuns(List<SweepPlan.Run> runs) {
    Map<String, List<String>> problems = new LinkedHashMap<>();
    TrainCommand train = new TrainCommand();
    CommandLine parser = new CommandLine(train);
    for (SweepPlan.Run run : runs) {
      try {
        parser.parseArgs(run.words().toArray(String[]::new));
        TrainingConfig config = train.config();
        Path directory = folder.resolve(run.name());
        if (Files.exists(directory.resolve("hparams.json"))) {
          requireSame(directory, config, run);
        }
        if (!isFinished(directory)) {
          open.add(run);
        }
      } catch (ParameterException
          | RunException
          | CommandFailure
          | TrainingException
          | EvalException e) {
        problems.computeIfAbsent(e.getMessage(), message -> new ArrayList<>()).add(run.name());
      }
    }
    List<String> texts = new ArrayList<>();
    problems.forEach(
        (problem, names) ->
            texts.add(
                names.size() == runs.size() && runs.size() > 1
                    ? problem
                    : names.get(0)
                        + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "")
                        + ": "
                        + problem));
    return texts;
  }

  /** A run that is there must be the one that is wanted. */
  private static void requireSame(Path directory, TrainingConfig wanted, SweepPlan.Run run) {
    Map<String, String> there = SavedRun.open(directory).config().sharedOptions();
    List<String> differences = new ArrayList<>();
    wanted
        .sharedOptions()
        .forEach(
            (name, value) -> {
              boolean drawn = name.equals(TrainingOptions.SEED.name()) && !run.has(name);
              if (!drawn && !Objects.equals(there.get(name), value)) {
                differences.add(name + " " + there.get(name) + ", wanted " + value);
              }
            });
    if (!differences.isEmpty()) {
      throw new CommandFailure(
          "is there with "
              + String.join(", ", differences)
              + ": choose another --output, or remove the run");
    }
  }

  private static boolean isFinished(Path directory) {
    if (!Files.exists(directory.resolve("hparams.json"))) {
      return false;
    }
    RunDirectory run = RunDirectory.open(directory);
    return Files.isRegularFile(run.results()) && SavedModel.isPresent(directory);
  }

  @Override
  int work(SparkSettings settings, ClusterWatch watch) {
    watch.note(
        "%d runs, %d of them finished before".formatted(all.size(), all.size() - open.size()));
    Map<String, String> failed = Map.of();
    if (!open.isEmpty()) {
      ClusterEngine engine = ClusterEngine.find();
      try {
        Files.createDirectories(SweepJob.log(folder, "x").getParent());
      } catch (IOException e) {
        throw new CommandFailure("cannot write " + folder + ": " + OneLine.reason(e, folder), e);
      }
      failed = engine.sweep(new SweepJob(folder, open, threads), settings, watch);
    }
    failed.forEach(
        (run, reason) ->
            watch.note(
                "error: run "
                    + run
                    + ": "
                    + OneLine.of(reason)
                    + " ("
                    + SweepJob.log(output, run)
                    + ")"));
    int status = failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    watch.check();
    return noReport || failed.size() == all.size() ? status : Math.max(status, report());
  }

  /** What test-recursive and report do. */
  private int report() {
    List<String> report = new ArrayList<>(List.of("report"));
    for (SweepPlan.Run run : all) {
      if (isFinished(folder.resolve(run.name()))) {
        report.add(output.resolve(run.name()).toString());
      }
    }
    report.addAll(List.of("--output", output.resolve("report.html").toString()));
    CommandLine root = spec().root().commandLine();
    int tested =
        root.execute(
            "test-recursive",
            output.toString(),
            "--output",
            output.resolve("results.csv").toString());
    return Math.max(tested, root.execute(report.toArray(String[]::new)));
  }

  @Override
  String unit() {
    return "runs";
  }

  @Override
  String interrupted() {
    return "start the same command again to go on";
  }
}
