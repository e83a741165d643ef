package org.imageperformer.tools.plots;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Loss and accuracy of a run over the epochs of its training. */
public final class TrainingCurves {
  private static final String METRICS = "metrics.csv";
  private static final String EPOCH = "epoch";
  private static final List<String> COLUMNS =
      List.of(EPOCH, "train/loss", "train/acc", "val/loss", "val/acc");

  private final SortedMap<Integer, CsvTable.Row> epochs;

  private TrainingCurves(SortedMap<Integer, CsvTable.Row> epochs) {
    this.epochs = epochs;
  }

  /**
   * Reads a run's {@code metrics.csv}. Of an epoch that was run again, the later row counts.
   *
   * @param run its folder (cli.md, "A run directory")
   * @return its curves; empty when there is no such file, as in a run that was imported, or it has
   *     no rows yet
   * @throws PlotException when it cannot be read
   */
  public static Optional<TrainingCurves> find(Path run) {
    Path file = run.resolve(METRICS);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    CsvTable table = CsvTable.readBegun(file, COLUMNS);
    return table.rows().isEmpty() ? Optional.empty() : Optional.of(of(table));
  }

  /** The same, where there has to be such a file. */
  static TrainingCurves read(Path run) {
    Path file = run.resolve(METRICS);
    if (!Files.exists(file)) {
      throw new PlotException(run + ": expected a run directory, found no " + METRICS + " in it");
    }
    return of(CsvTable.read(file, COLUMNS));
  }

  private static TrainingCurves of(CsvTable table) {
    SortedMap<Integer, CsvTable.Row> epochs = new TreeMap<>();
    for (CsvTable.Row row : table.rows()) {
      epochs.put(row.integer(EPOCH), row);
    }
    return new TrainingCurves(epochs);
  }

  /**
   * Returns the number of epochs.
   *
   * @return 1 or more
   */
  public int epochs() {
    return epochs.size();
  }

  /** One curve over the epochs. */
  Curve curve(String name, int look, boolean secondary, String column) {
    return Curve.of(name, look, secondary, epochs, row -> row.number(column));
  }
}
