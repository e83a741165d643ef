package org.imageperformer.tools.plots;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.imageperformer.eval.ShiftRow;
import org.imageperformer.savedmodels.OneLine;

/** Accuracy and loss against shift, from the files that {@code test-shifted} writes. */
public final class ShiftPlot {
  private static final String RUN = "run_dir";
  private static final String SHIFT = "shift";
  private static final String ACCURACY = "accuracy_mean";
  private static final String LOSS = "loss_mean";
  private static final String SHIFT_TITLE = "shift in pixels (right is positive)";

  private ShiftPlot() {}

  /**
   * Draws every run of every file as one line per panel.
   *
   * @param files CSV files with the columns {@code run_dir}, {@code shift}, {@code accuracy_mean}
   *     and {@code loss_mean}, of this program or of the authors' (cli.md, "CSV files")
   * @param target where the picture goes
   * @throws PlotException if a file cannot be used
   * @throws org.imageperformer.savedmodels.RunException if the picture cannot be written
   */
  public static void draw(List<Path> files, PictureFile target) {
    List<Sweep> sweeps =
        files.stream()
            .map(Path::normalize)
            .distinct()
            .flatMap(file -> read(file).stream())
            .toList();
    List<String> labels =
        RunLabels.of(
            sweeps.stream().map(Sweep::run).toList(), sweeps.stream().map(Sweep::file).toList());
    List<Curve> accuracy = new ArrayList<>();
    List<Curve> loss = new ArrayList<>();
    for (int i = 0; i < sweeps.size(); i++) {
      Sweep sweep = sweeps.get(i);
      accuracy.add(sweep.curve(labels.get(i), i, ACCURACY));
      loss.add(sweep.curve(labels.get(i), i, LOSS));
    }
    target.write(new Picture(accuracy(accuracy), loss(loss)));
  }

  /**
   * Draws the same for a web page, which has to have the legend.
   *
   * @param id begins the names of the drawings' parts, no other drawing's on the same page
   * @param runs one or more, each with one row or more
   * @return accuracy and loss
   */
  public static List<Svg> draw(String id, Map<RunLook, List<ShiftRow>> runs) {
    return List.of(
        accuracy(curves(runs, ShiftRow::accuracyMean)).svg(id + "-accuracy"),
        loss(curves(runs, ShiftRow::lossMean)).svg(id + "-loss"));
  }

  private static List<Curve> curves(
      Map<RunLook, List<ShiftRow>> runs, ToDoubleFunction<ShiftRow> value) {
    List<Curve> curves = new ArrayList<>();
    runs.forEach(
        (look, rows) -> {
          SortedMap<Integer, ShiftRow> byShift = new TreeMap<>();
          rows.forEach(row -> byShift.put(row.shift(), row));
          curves.add(Curve.of(look.label(), look.number(), false, byShift, value));
        });
    return curves;
  }

  private static Panel accuracy(List<Curve> curves) {
    return new Panel(SHIFT_TITLE, "accuracy", Panel.Scale.FRACTION, curves);
  }

  private static Panel loss(List<Curve> curves) {
    return new Panel(SHIFT_TITLE, "loss", Panel.Scale.LOSS, curves);
  }

  private static List<Sweep> read(Path file) {
    Map<String, Sweep> sweeps = new LinkedHashMap<>();
    for (CsvTable.Row row : CsvTable.read(file, List.of(RUN, SHIFT, ACCURACY, LOSS)).rows()) {
      sweeps.computeIfAbsent(row.text(RUN), run -> new Sweep(file, run, new TreeMap<>())).add(row);
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

  /** The rows of one run, by shift. */
  private record Sweep(Path file, String run, SortedMap<Integer, CsvTable.Row> rows) {
    void add(CsvTable.Row row) {
      int shift = row.integer(SHIFT);
      if (rows.putIfAbsent(shift, row) != null) {
        throw new PlotException(
            "%s: the run %s has two rows for the shift %s; one was expected"
                .formatted(file, OneLine.of(run, 80), shift));
      }
    }

    boolean says(Sweep other) {
      return figures().equals(other.figures());
    }

    private Map<Integer, List<Double>> figures() {
      Map<Integer, List<Double>> figures = new TreeMap<>();
      rows.forEach(
          (shift, row) -> figures.put(shift, List.of(row.number(ACCURACY), row.number(LOSS))));
      return figures;
    }

    Curve curve(String label, int look, String column) {
      return Curve.of(label, look, false, rows, row -> row.number(column));
    }
  }
}
