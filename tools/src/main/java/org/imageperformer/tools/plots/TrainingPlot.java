package org.imageperformer.tools.plots;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Loss and accuracy over the epochs of training, from the {@code metrics.csv} of runs. */
public final class TrainingPlot {
  private static final String METRICS = "metrics.csv";
  private static final String EPOCH = "epoch";
  private static final List<String> COLUMNS =
      List.of(EPOCH, "train/loss", "train/acc", "val/loss", "val/acc");

  private TrainingPlot() {}

  /**
   * Draws every run as two lines per panel: validation, and training dotted.
   *
   * @param runs run directories (cli.md, "A run directory")
   * @param target where the picture goes
   * @throws PlotException if a run cannot be used or the picture not be written
   */
  public static void draw(List<Path> runs, PictureFile target) {
    List<Path> different = runs.stream().map(Path::normalize).distinct().toList();
    List<String> labels = RunLabels.of(different.stream().map(Path::toString).toList(), different);
    List<Curve> loss = new ArrayList<>();
    List<Curve> accuracy = new ArrayList<>();
    for (int i = 0; i < different.size(); i++) {
      SortedMap<Integer, CsvTable.Row> epochs = read(different.get(i));
      String label = labels.get(i) + ", ";
      loss.add(Curve.of(label + "validation", i, false, epochs, row -> row.number("val/loss")));
      loss.add(Curve.of(label + "training", i, true, epochs, row -> row.number("train/loss")));
      accuracy.add(Curve.of(label + "validation", i, false, epochs, row -> row.number("val/acc")));
      accuracy.add(Curve.of(label + "training", i, true, epochs, row -> row.number("train/acc")));
    }
    target.write(
        new Picture(
            new Panel(EPOCH, "loss", Panel.Scale.LOSS, loss),
            new Panel(EPOCH, "accuracy", Panel.Scale.FRACTION, accuracy)));
  }

  /** The rows by epoch; of an epoch that was run again, the later. */
  private static SortedMap<Integer, CsvTable.Row> read(Path run) {
    Path file = run.resolve(METRICS);
    if (!Files.exists(file)) {
      throw new PlotException(run + ": expected a run directory, found no " + METRICS + " in it");
    }
    SortedMap<Integer, CsvTable.Row> epochs = new TreeMap<>();
    for (CsvTable.Row row : CsvTable.read(file, COLUMNS).rows()) {
      epochs.put(row.integer(EPOCH), row);
    }
    return epochs;
  }
}
