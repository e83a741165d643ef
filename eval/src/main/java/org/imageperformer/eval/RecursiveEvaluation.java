package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.imageperformer.savedmodels.SavedModel;

/**
 * {@link RunEvaluation} of every run below a folder (cli.md, {@code test-recursive}). Runs that
 * share a data set are evaluated one after the other, and it is loaded once for them.
 */
public final class RecursiveEvaluation {

  private final EvalOptions options;

  /**
   * An evaluation of many runs.
   *
   * @param options how
   */
  public RecursiveEvaluation(EvalOptions options) {
    this.options = options;
  }

  /**
   * What became of the runs that were found.
   *
   * @param evaluated results, by name of the run
   * @param skipped runs without a SavedModel
   * @param failed runs that could not be evaluated, and why
   */
  public record Outcome(
      List<RunResult> evaluated, List<Path> skipped, Map<Path, RuntimeException> failed) {}

  /**
   * Finds and evaluates runs. After each run the table of all results so far is written, so that
   * neither a broken run nor the end of the process loses the others.
   *
   * @param folder where to look, itself included
   * @param output the table, see {@link EvaluationCsv}; empty for none
   * @return results, and what was left out
   * @throws EvalException when there is no run, none that can be evaluated, or the table cannot be
   *     written
   */
  public Outcome evaluate(Path folder, Optional<Path> output) {
    output.ifPresent(file -> OutputFile.check(file, OutputFile.Content.TABLE));
    List<Path> found = new RunFinder(options.listener()).find(folder);
    if (found.isEmpty()) {
      throw new EvalException(
          "there are no runs below " + folder + ": expected folders with a hparams.json");
    }
    List<Path> skipped = new ArrayList<>();
    Map<Path, RuntimeException> failed = new TreeMap<>();
    Map<RunData.Key, List<RunData>> groups = new LinkedHashMap<>();
    for (Path path : found) {
      if (!SavedModel.isPresent(path)) {
        skipped.add(path);
        options.listener().skipped(path, "it has no SavedModel");
        continue;
      }
      try {
        RunData run = RunData.read(path, options.dataPath());
        groups.computeIfAbsent(run.key(), key -> new ArrayList<>()).add(run);
      } catch (RuntimeException e) {
        fail(path, e, failed);
      }
    }
    if (skipped.size() == found.size()) {
      throw new EvalException(
          "none of the %s runs below %s has a SavedModel: write it by export RUN_DIR"
              .formatted(found.size(), folder));
    }
    Map<Path, RunResult> results = new TreeMap<>();
    RunEvaluation evaluation = new RunEvaluation(options);
    groups.values().stream()
        .flatMap(List::stream)
        .forEach(run -> evaluate(evaluation, run, output, results, failed));
    return new Outcome(List.copyOf(results.values()), skipped, failed);
  }

  private void evaluate(
      RunEvaluation evaluation,
      RunData run,
      Optional<Path> output,
      Map<Path, RunResult> results,
      Map<Path, RuntimeException> failed) {
    Path path = run.run().path();
    try {
      results.put(path, evaluation.evaluate(run));
    } catch (RuntimeException e) {
      fail(path, e, failed);
      return;
    }
    output.ifPresent(file -> EvaluationCsv.writeTable(file, List.copyOf(results.values())));
    options.listener().finished(path);
  }

  private void fail(Path run, RuntimeException reason, Map<Path, RuntimeException> failed) {
    if (Thread.currentThread().isInterrupted()) {
      throw reason;
    }
    failed.put(run, reason);
    options.listener().failed(run, reason);
  }
}
