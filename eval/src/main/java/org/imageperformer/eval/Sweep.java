package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;

/**
 * Evaluates runs again and again on test images that are changed a little more each time. Runs that
 * share a data set are evaluated one after the other; it is loaded, and its images chosen, once for
 * them.
 */
public abstract class Sweep {
  private final EvalOptions options;
  private final Set<Integer> labels;

  /** Labels may be none: that is for the subclass to judge. */
  Sweep(EvalOptions options, Set<Integer> labels) {
    this.options = options;
    this.labels = new TreeSet<>(labels);
  }

  /** The classes whose images are changed, ascending. */
  Set<Integer> labels() {
    return labels;
  }

  /** Returns what is changed. */
  public abstract SweepAxis axis();

  /** Returns by how much, from the first change to the last, each once. */
  public abstract List<Double> changes();

  /**
   * Chooses the images to be changed, the same for every change.
   *
   * @param dataset has the labels
   * @return test images; none where none qualifies
   */
  public abstract ImageSet chosen(Dataset dataset);

  /**
   * Changes images.
   *
   * @param images few of those chosen: all are made at once
   * @param change one of {@link #changes}, or another of the kind
   * @return new images with the same labels
   */
  public abstract ImageSet changed(ImageSet images, double change);

  /** Why none of the test images of a data set is chosen, and what to do. */
  abstract String noneChosen(Dataset dataset);

  /** Evaluates all images, changed by so much. */
  abstract Evaluation evaluate(
      Evaluator evaluator, ImageSet images, double change, IntConsumer progress);

  /**
   * Checks that a run's data set can be used and has the labels.
   *
   * @param run the run
   * @throws EvalException when it is not so
   */
  public void check(RunData run) {
    DatasetInfo dataset = run.key().dataset();
    int classes = dataset.classNames().size();
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new EvalException(
            "%s: there is no label %s: %s has the labels 0 to %s"
                .formatted(run.run(), label, dataset, classes - 1));
      }
    }
  }

  /**
   * Evaluates runs. After each run the table of all results so far is written.
   *
   * @param runs their folders
   * @param output the table; empty for none
   * @return results, and what failed
   * @throws EvalException when a run's data set has no such labels or cannot be used, before
   *     anything is evaluated; or the table cannot be written
   */
  public SweepOutcome sweep(List<Path> runs, Optional<Path> output) {
    if (runs.isEmpty()) {
      throw new EvalException("no runs to evaluate: name one or more run directories");
    }
    output.ifPresent(file -> OutputFile.check(file, OutputFile.Content.TABLE));
    Map<Path, RuntimeException> failed = new LinkedHashMap<>();
    Map<RunData.Key, List<RunData>> groups = new LinkedHashMap<>();
    List<Path> distinct = DistinctPaths.of(runs);
    for (Path path : distinct) {
      try {
        RunData run = RunData.read(path, options.dataPath());
        check(run);
        groups.computeIfAbsent(run.key(), key -> new ArrayList<>()).add(run);
      } catch (RunException e) {
        fail(path, e, failed);
      }
    }
    Map<Path, List<SweepRow>> rows = new LinkedHashMap<>();
    // Every run has its place from the start: results come in the order of the data sets.
    distinct.forEach(run -> rows.put(run, List.of()));
    DataCache data = new DataCache(options.datasets());
    groups.forEach((key, group) -> sweep(key, group, data, output, rows, failed));
    return new SweepOutcome(flat(rows), failed);
  }

  private void sweep(
      RunData.Key key,
      List<RunData> group,
      DataCache data,
      Optional<Path> output,
      Map<Path, List<SweepRow>> rows,
      Map<Path, RuntimeException> failed) {
    ImageSet images;
    try {
      images = chosen(data.get(key));
      if (images.size() == 0) {
        throw new EvalException(noneChosen(data.get(key)));
      }
    } catch (RuntimeException e) {
      group.forEach(run -> fail(run.run().path(), e, failed));
      return;
    }
    for (RunData run : group) {
      Path path = run.run().path();
      run.difference(data.get(key)).ifPresent(text -> options.listener().warned(path, text));
      try (SavedModel model = run.loadModel(options.load())) {
        rows.put(path, rows(run, new Evaluator(model), images));
      } catch (RuntimeException e) {
        fail(path, e, failed);
        continue;
      }
      output.ifPresent(file -> new SweepCsv(axis()).write(file, flat(rows)));
      options.listener().finished(path);
    }
  }

  private List<SweepRow> rows(RunData run, Evaluator evaluator, ImageSet images) {
    Path path = run.run().path();
    Optional<String> dataset = Optional.of(run.key().dataset().name());
    List<SweepRow> rows = new ArrayList<>();
    for (double change : changes()) {
      String part = axis().column() + " " + SweepAxis.text(change);
      Evaluation evaluation =
          evaluate(
              evaluator,
              images,
              change,
              done -> options.listener().progress(path, part, done, images.size()));
      rows.add(
          new SweepRow(
              path.toString(),
              change,
              evaluation.accuracy(),
              evaluation.accuracyStd(),
              evaluation.loss(),
              evaluation.lossStd(),
              dataset));
    }
    return rows;
  }

  private void fail(Path run, RuntimeException reason, Map<Path, RuntimeException> failed) {
    if (Thread.currentThread().isInterrupted()) {
      throw reason;
    }
    failed.put(run, reason);
    options.listener().failed(run, reason);
  }

  private static List<SweepRow> flat(Map<Path, List<SweepRow>> rows) {
    return rows.values().stream().flatMap(List::stream).toList();
  }
}
