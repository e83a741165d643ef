package org.imageperformer.tools.plots;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.imageperformer.eval.DistinctPaths;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepCsv;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.savedmodels.OneLine;

/**
 * Accuracy and loss against what a sweep changes, from the files that {@code test-shifted} and
 * {@code test-rotated} write.
 */
public final class SweepPlot {
  private static final String RUN = "run_dir";
  private static final String ACCURACY = "accuracy_mean";
  private static final String LOSS = "loss_mean";

  private final SweepAxis axis;

  /**
   * Plots of sweeps over one axis.
   *
   * @param axis the horizontal one
   */
  public SweepPlot(SweepAxis axis) {
    this.axis = axis;
  }

  /**
   * Draws every run of every file as one line per panel.
   *
   * @param files CSV files with the columns {@code run_dir}, that of the axis, {@code
   *     accuracy_mean} and {@code loss_mean}, of this program or of the authors' (cli.md, "CSV
   *     files")
   * @param target where the picture goes
   * @throws PlotException if a file cannot be used
   * @throws org.imageperformer.savedmodels.RunException if the picture cannot be written
   */
  public void draw(List<Path> files, PictureFile target) {
    List<Sweep> sweeps =
        DistinctPaths.of(files.stream().map(Path::normalize).toList()).stream()
            .flatMap(file -> read(file).stream())
            .toList();
    List<String> labels = labels(sweeps);
    List<Curve> accuracy = new ArrayList<>();
    List<Curve> loss = new ArrayList<>();
    for (int i = 0; i < sweeps.size(); i++) {
      Sweep sweep = sweeps.get(i);
      accuracy.add(sweep.curve(labels.get(i), i, ACCURACY));
      loss.add(sweep.curve(labels.get(i), i, LOSS));
    }
    target.write(new Picture(accuracy(accuracy), loss(loss)));
  }

  /** Short names of the runs, with their data sets where there are several. */
  private static List<String> labels(List<Sweep> sweeps) {
    List<String> names =
        RunLabels.of(
            sweeps.stream().map(Sweep::run).toList(), sweeps.stream().map(Sweep::file).toList());
    List<Optional<String>> datasets = sweeps.stream().map(Sweep::dataset).toList();
    boolean several = datasets.stream().flatMap(Optional::stream).distinct().count() > 1;
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                several
                    ? names.get(i) + datasets.get(i).map(name -> " on " + name).orElse("")
                    : names.get(i))
        .toList();
  }

  /**
   * Draws the same for a web page, which has to have the legend.
   *
   * @param id begins the names of the drawings' parts, no other drawing's on the same page
   * @param runs one or more, each with one row or more
   * @return accuracy and loss
   */
  public List<Svg> draw(String id, Map<RunLook, List<SweepRow>> runs) {
    return List.of(
        accuracy(curves(runs, SweepRow::accuracyMean)).svg(id + "-accuracy"),
        loss(curves(runs, SweepRow::lossMean)).svg(id + "-loss"));
  }

  private static List<Curve> curves(
      Map<RunLook, List<SweepRow>> runs, ToDoubleFunction<SweepRow> value) {
    List<Curve> curves = new ArrayList<>();
    runs.forEach(
        (look, rows) -> {
          SortedMap<Double, SweepRow> byChange = new TreeMap<>();
          rows.forEach(row -> byChange.put(row.change(), row));
          curves.add(Curve.of(look.label(), look.number(), false, byChange, value));
        });
    return curves;
  }

  private Panel accuracy(List<Curve> curves) {
    return new Panel(axis.title(), axis.step(), "accuracy", Panel.Scale.FRACTION, curves);
  }

  private Panel loss(List<Curve> curves) {
    return new Panel(axis.title(), axis.step(), "loss", Panel.Scale.LOSS, curves);
  }

  private List<Sweep> read(Path file) {
    Map<String, Sweep> sweeps = new LinkedHashMap<>();
    for (CsvTable.Row row :
        CsvTable.read(file, List.of(RUN, axis.column(), ACCURACY, LOSS)).rows()) {
      sweeps
          .computeIfAbsent(row.text(RUN), run -> new Sweep(axis, file, run, new TreeMap<>()))
          .add(row);
    }
    Map<String, Sweep> runs = new LinkedHashMap<>();
    for (Sweep sweep : sweeps.values()) {
      Sweep before = runs.putIfAbsent(identity(sweep.run()), sweep);
      if (before != null && !before.says(sweep)) {
        throw new PlotException(
            "%s: %s and %s are one run, but have other figures; one of them was expected"
                .formatted(file, OneLine.of(before.run(), 80), OneLine.of(sweep.run(), 80)));
      }
    }
    return List.copyOf(runs.values());
  }

  /** The run however it is spelled; a name that is no path, as in a damaged file, is as it is. */
  private static String identity(String run) {
    try {
      return Path.of(run).normalize().toString();
    } catch (InvalidPathException e) {
      return run;
    }
  }

  /** The rows of one run, by how much is changed. */
  private record Sweep(
      SweepAxis axis, Path file, String run, SortedMap<Double, CsvTable.Row> rows) {
    void add(CsvTable.Row row) {
      Number change = change(row);
      // Minus zero is zero.
      if (rows.putIfAbsent(change.doubleValue() + 0.0, row) != null) {
        throw new PlotException(
            "%s: the run %s has two rows for the %s %s; one was expected"
                .formatted(file, OneLine.of(run, 80), axis.column(), change));
      }
    }

    private Number change(CsvTable.Row row) {
      if (axis.isWhole()) {
        return row.integer(axis.column());
      }
      double change = row.number(axis.column());
      if (!Double.isFinite(change)) {
        throw new PlotException(
            "%s: the run %s has the %s %s; a finite number was expected"
                .formatted(file, OneLine.of(run, 80), axis.column(), change));
      }
      return change;
    }

    Optional<String> dataset() {
      return rows.get(rows.firstKey()).find(SweepCsv.DATASET);
    }

    boolean says(Sweep other) {
      return figures().equals(other.figures());
    }

    private Map<Double, List<Double>> figures() {
      Map<Double, List<Double>> figures = new TreeMap<>();
      rows.forEach(
          (change, row) -> figures.put(change, List.of(row.number(ACCURACY), row.number(LOSS))));
      return figures;
    }

    Curve curve(String label, int look, String column) {
      return Curve.of(label, look, false, rows, row -> row.number(column));
    }
  }
}
