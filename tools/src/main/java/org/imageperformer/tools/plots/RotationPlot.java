package org.imageperformer.tools.plots;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.imageperformer.savedmodels.OneLine;

/**
 * Accuracy and loss against the angle of turned images, from the files that {@code test-rotated}
 * writes.
 */
public final class RotationPlot {
  private static final String RUN = "run_dir";
  private static final String ANGLE = "angle";
  private static final String ACCURACY = "accuracy_mean";
  private static final String LOSS = "loss_mean";
  private static final String ANGLE_TITLE = "angle in degrees (counterclockwise)";

  private RotationPlot() {}

  /**
   * Draws every run of every file as one line per panel.
   *
   * @param files CSV files with the columns {@code run_dir}, {@code angle}, {@code accuracy_mean}
   *     and {@code loss_mean} (cli.md, "CSV files")
   * @param target where the picture goes
   * @throws PlotException if a file cannot be used
   * @throws org.imageperformer.savedmodels.RunException if the picture cannot be written
   */
  public static void draw(List<Path> files, PictureFile target) {
    List<Sweep> sweeps = files.stream().distinct().flatMap(file -> read(file).stream()).toList();
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

  private static Panel accuracy(List<Curve> curves) {
    return new Panel(ANGLE_TITLE, "accuracy", Panel.Scale.FRACTION, curves);
  }

  private static Panel loss(List<Curve> curves) {
    return new Panel(ANGLE_TITLE, "loss", Panel.Scale.LOSS, curves);
  }

  private static List<Sweep> read(Path file) {
    Map<String, Sweep> sweeps = new LinkedHashMap<>();
    for (CsvTable.Row row : CsvTable.read(file, List.of(RUN, ANGLE, ACCURACY, LOSS)).rows()) {
      sweeps.computeIfAbsent(row.text(RUN), run -> new Sweep(file, run, new TreeMap<>())).add(row);
    }
    return List.copyOf(sweeps.values());
  }

  /** The rows of one run, by angle. */
  private record Sweep(Path file, String run, SortedMap<Double, CsvTable.Row> rows) {
    void add(CsvTable.Row row) {
      double angle = row.number(ANGLE);
      if (!Double.isFinite(angle)) {
        throw new PlotException(
            "%s: the run %s has the angle %s; a finite number was expected"
                .formatted(file, OneLine.of(run, 80), angle));
      }
      if (rows.putIfAbsent(angle, row) != null) {
        throw new PlotException(
            "%s: the run %s has two rows for the angle %s; one was expected"
                .formatted(file, OneLine.of(run, 80), angle));
      }
    }

    Curve curve(String label, int look, String column) {
      return Curve.of(label, look, false, rows, row -> row.number(column));
    }
  }
}
