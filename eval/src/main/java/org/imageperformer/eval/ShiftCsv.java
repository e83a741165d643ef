package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.savedmodels.CsvText.Row;

/** The table of {@code test-shifted}, column for column as cli.md says. */
public final class ShiftCsv {

  private static final List<String> HEADER =
      List.of("", "run_dir", "shift", "accuracy_mean", "accuracy_std", "loss_mean", "loss_std");

  private ShiftCsv() {}

  /**
   * Writes a table; a line's index comes first. The standard deviation of a single image is empty.
   *
   * @param file created or replaced in one piece
   * @param rows the lines
   * @throws EvalException when there is no such folder
   * @throws org.imageperformer.savedmodels.RunException when the file cannot be written
   */
  public static void write(Path file, List<ShiftRow> rows) {
    List<List<?>> lines = new ArrayList<>();
    lines.add(HEADER);
    for (ShiftRow row : rows) {
      lines.add(
          List.of(
              lines.size() - 1,
              row.runDir(),
              row.shift(),
              row.accuracyMean(),
              CsvFile.numberOrEmpty(row.accuracyStd()),
              row.lossMean(),
              CsvFile.numberOrEmpty(row.lossStd())));
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
  public static List<ShiftRow> read(Path file) {
    List<Row> records = CsvFile.read(file);
    List<String> header = records.isEmpty() ? List.of() : records.get(0).fields();
    if (!header.equals(HEADER)) {
      throw new EvalException(
          "%s: expected a table with the header %s, found %s"
              .formatted(file, String.join(",", HEADER), String.join(",", header)));
    }
    return records.stream()
        .filter(record -> !record.fields().equals(HEADER))
        .map(record -> row(file, record))
        .toList();
  }

  private static ShiftRow row(Path file, Row record) {
    return new ShiftRow(
        record.fields().get(1),
        (int) CsvFile.integer(file, record, 2, HEADER.get(2), Integer.MAX_VALUE),
        CsvFile.number(file, record, 3, HEADER.get(3)),
        CsvFile.number(file, record, 4, HEADER.get(4)),
        CsvFile.number(file, record, 5, HEADER.get(5)),
        CsvFile.number(file, record, 6, HEADER.get(6)));
  }
}
