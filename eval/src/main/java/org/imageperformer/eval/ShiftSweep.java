package org.imageperformer.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Shifts;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;

/**
 * Accuracy and loss of runs on test images that are moved sideways, by every number of columns that
 * leaves them whole (data.md, "Shifted images"; cli.md, {@code test-shifted}). Runs that share a
 * data set are evaluated one after the other; it is loaded, and its images chosen, once for them.
 */
public final class ShiftSweep {

  private final EvalOptions options;
  private final Set<Integer> labels;
  private final int minShift;

  /**
   * A sweep over shifts -minShift to +minShift.
   *
   * @param options how
   * @param labels the classes whose images are moved
   * @param minShift columns, 0 or more
   * @throws EvalException when there are no labels or the shift is negative
   */
  public ShiftSweep(EvalOptions options, Set<Integer> labels, int minShift) {
    if (labels.isEmpty()) {
      throw new EvalException("no labels to shift: name one or more by --labels");
    }
    if (minShift < 0) {
      throw new EvalException("--min_shift should be 0 or more, found " + minShift);
    }
    this.options = options;
    this.labels = new TreeSet<>(labels);
    this.minShift = minShift;
  }

  /**
   * What became of the runs.
   *
   * @param rows results, in the order of the runs, from the leftmost shift to the rightmost
   * @param failed runs that could not be evaluated, and why
   */
  public record Outcome(List<ShiftRow> rows, Map<Path, RuntimeException> failed) {}

  /**
   * Evaluates runs. After each run the table of all results so far is written.
   *
   * @param runs their folders
   * @param output the table, see {@link ShiftCsv}; empty for none
   * @return results, and what failed
   * @throws EvalException when a run's data set has no such labels or cannot be shifted, before
   *     anything is evaluated; or the table cannot be written
   */
  public Outcome sweep(List<Path> runs, Optional<Path> output) {
    if (runs.isEmpty()) {
      throw new EvalException("no runs to evaluate: name one or more run directories");
    }
    output.ifPresent(OutputFile::check);
    Map<Path, RuntimeException> failed = new LinkedHashMap<>();
    Map<RunData.Key, List<RunData>> groups = new LinkedHashMap<>();
    List<Path> distinct = distinct(runs);
    for (Path path : distinct) {
      try {
        RunData run = RunData.read(path, options.dataPath());
        check(run);
        groups.computeIfAbsent(run.key(), key -> new ArrayList<>()).add(run);
      } catch (RunException e) {
        fail(path, e, failed);
      }
    }
    Map<Path, List<ShiftRow>> rows = new LinkedHashMap<>();
    // Every run has its place from the start: results come in the order of the data sets.
    distinct.forEach(run -> rows.put(run, List.of()));
    DataCache data = new DataCache(options.datasets());
    groups.forEach((key, group) -> sweep(key, group, data, output, rows, failed));
    return new Outcome(flat(rows), failed);
  }

  /** Each run once, by its first name, however often and in what spelling it is named. */
  private static List<Path> distinct(List<Path> runs) {
    Map<Path, Path> named = new LinkedHashMap<>();
    for (Path run : runs) {
      Path known;
      try {
        known = run.toRealPath();
      } catch (IOException e) {
        known = run.toAbsolutePath().normalize(); // it will be refused by this name
      }
      named.putIfAbsent(known, run);
    }
    return List.copyOf(named.values());
  }

  private void sweep(
      RunData.Key key,
      List<RunData> group,
      DataCache data,
      Optional<Path> output,
      Map<Path, List<ShiftRow>> rows,
      Map<Path, RuntimeException> failed) {
    ImageSet images;
    try {
      images = choose(key, data);
    } catch (RuntimeException e) {
      group.forEach(run -> fail(run.run().path(), e, failed));
      return;
    }
    for (RunData run : group) {
      Path path = run.run().path();
      run.difference(data.get(key)).ifPresent(text -> options.listener().warned(path, text));
      try {
        rows.put(path, sweep(run, images));
      } catch (RuntimeException e) {
        fail(path, e, failed);
        continue;
      }
      output.ifPresent(file -> ShiftCsv.write(file, flat(rows)));
      options.listener().finished(path);
    }
  }

  /**
   * Checks that a run's data set can be shifted and has the labels.
   *
   * @param run the run
   * @throws EvalException when it is not so
   */
  public void check(RunData run) {
    DatasetInfo dataset = run.key().dataset();
    try {
      Shifts.requireShiftable(dataset);
    } catch (IllegalArgumentException e) {
      throw new EvalException(run.run() + ": " + e.getMessage(), e);
    }
    int classes = dataset.classNames().size();
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new EvalException(
            "%s: there is no label %s: %s has the labels 0 to %s"
                .formatted(run.run(), label, dataset, classes - 1));
      }
    }
  }

  private ImageSet choose(RunData.Key key, DataCache data) {
    ImageSet test = data.get(key).test();
    ImageSet chosen = test.subset(Shifts.qualifying(test, labels, minShift));
    if (chosen.size() == 0) {
      int widest = widestShift(test);
      throw new EvalException(
          "no test image of %s with a label of %s can be moved by %s columns both ways: %s"
              .formatted(
                  key.dataset(),
                  labels,
                  minShift,
                  widest < 0
                      ? "there is none that can be moved at all"
                      : "choose a --min_shift of at most " + widest));
    }
    return chosen;
  }

  /** The largest minimum shift that leaves an image, -1 when none does. */
  private int widestShift(ImageSet test) {
    int widest = -1;
    for (int i = 0; i < test.size(); i++) {
      if (labels.contains(test.label(i))) {
        int margin = Math.min(Shifts.leftMargin(test, i), Shifts.rightMargin(test, i));
        widest = Math.max(widest, margin - 1);
      }
    }
    return widest;
  }

  private List<ShiftRow> sweep(RunData data, ImageSet images) {
    Path run = data.run().path();
    List<ShiftRow> rows = new ArrayList<>();
    try (SavedModel model = data.loadModel(options.load())) {
      Evaluator evaluator = new Evaluator(model);
      for (int shift = -minShift; shift <= minShift; shift++) {
        String part = "shift " + shift;
        Evaluation evaluation =
            evaluator.evaluate(
                Shifts.shifted(images, shift),
                done -> options.listener().progress(run, part, done, images.size()));
        rows.add(
            new ShiftRow(
                run.toString(),
                shift,
                evaluation.accuracy(),
                evaluation.accuracyStd(),
                evaluation.loss(),
                evaluation.lossStd()));
      }
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

  private static List<ShiftRow> flat(Map<Path, List<ShiftRow>> rows) {
    return rows.values().stream().flatMap(List::stream).toList();
  }
}
