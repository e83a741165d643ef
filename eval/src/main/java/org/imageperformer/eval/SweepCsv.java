package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.savedmodels.CsvText.Row;

/**
 * The tables of {@code test-shifted} and {@code test-rotated}, column for column as cli.md says.
 * The last column, the data set, is there where the runs have several.
 */
public final class SweepCsv {
  /** The column that tells the data sets of runs apart. */
  public static final String DATASET = "dataset";

  private final SweepAxis axis;
  private final List<String> header;
  private final List<String> longHeader;

  /**
   * Tables of sweeps over one axis.
   *
   * @param axis names a column
   */
  public SweepCsv(SweepAxis axis) {
    this.axis = axis;
    this.header =
        List.of(
            "", "run_dir", axis.column(), "accuracy_mean", "accuracy_std", "loss_mean", "loss_std");
    this.longHeader = new ArrayList<>(header);
    longHeader.add(DATASET);
  }

  /**
   * Writes a table; a line's index comes first. The standard deviation of a single image is empty.
   *
   * @param file created or replaced in one piece
   * @param rows the lines
   * @throws EvalException when there is no such folder
   * @throws org.imageperformer.savedmodels.RunException when the file cannot be written
   */
  public void write(Path file, List<SweepRow> rows) {
    boolean several = SweepRow.ofSeveralDatasets(rows);
    List<List<?>> lines = new ArrayList<>();
    lines.add(several ? longHeader : header);
    for (SweepRow row : rows) {
      List<Object> line =
          new ArrayList<>(
              List.of(
                  lines.size() - 1,
                  row.runDir(),
                  SweepAxis.text(row.change()),
                  row.accuracyMean(),
                  CsvFile.numberOrEmpty(row.accuracyStd()),
                  row.lossMean(),
                  CsvFile.numberOrEmpty(row.lossStd())));
      if (several) {
        line.add(row.dataset().orElse(""));
      }
      lines.add(line);
    }
    CsvFile.write(file, lines);
  }

  /**
   * Reads a table that {@link #write} or the authors' script made, also several of them one below
   * the other with their headers.
   *
   * @param file the table
   * @return its lines
   * @throws EvalException when it cannot be read or is no such table
   */
  public List<SweepRow> read(Path file) {
    List<Row> records = CsvFile.read(file);
    List<String> found = records.isEmpty() ? List.of() : records.get(0).fields();
    if (!found.equals(header) && !found.equals(longHeader)) {
      throw new EvalException(
          "%s: expected a table with the header %s, found %s"
              .formatted(file, String.join(",", header), String.join(",", found)));
    }
    return records.stream()
        .filter(record -> !record.fields().equals(found))
        .map(record -> row(file, record))
        .toList();
  }

  private SweepRow row(Path file, Row record) {
    List<String> fields = record.fields();
    return new SweepRow(
        fields.get(1),
        axis.isWhole()
            ? CsvFile.integer(file, record, 2, header.get(2), Integer.MAX_VALUE)
            : CsvFile.finite(file, record, 2, header.get(2)),
        CsvFile.number(file, record, 3, header.get(3)),
        CsvFile.number(file, record, 4, header.get(4)),
        CsvFile.number(file, record, 5, header.get(5)),
        CsvFile.number(file, record, 6, header.get(6)),
        Optional.of(fields.get(fields.size() - 1))
            .filter(name -> fields.size() > header.size() && !name.isEmpty()));
  }
}
