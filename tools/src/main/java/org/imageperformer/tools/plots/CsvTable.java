package org.imageperformer.tools.plots;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.savedmodels.CsvText;
import org.imageperformer.savedmodels.OneLine;

/**
 * The rows of a CSV file that has at least the columns asked for.
 *
 * @param file where they come from
 * @param rows in the file's order
 */
record CsvTable(Path file, List<Row> rows) {
  /**
   * Reads a file.
   *
   * @throws PlotException if it is not there, is no CSV, lacks a column or has no rows
   */
  static CsvTable read(Path file, List<String> columns) {
    CsvTable table = readBegun(file, columns);
    if (table.rows().isEmpty()) {
      throw new PlotException(
          "%s: expected the columns %s and at least one row below them, found no rows"
              .formatted(file, String.join(", ", columns)));
    }
    return table;
  }

  /**
   * Reads a file that may have no rows yet.
   *
   * @throws PlotException if it is not there, is no CSV or lacks a column
   */
  static CsvTable readBegun(Path file, List<String> columns) {
    if (Files.isDirectory(file)) {
      throw new PlotException(file + ": expected a CSV file, found a folder");
    }
    List<CsvText.Row> found;
    try {
      found = CsvText.read(file);
    } catch (NoSuchFileException e) {
      throw new PlotException(file + ": no such file", e);
    } catch (FileSystemException e) {
      throw new PlotException(file + ": cannot be read: " + OneLine.reason(e, file), e);
    } catch (IOException e) {
      throw new PlotException(file + ": is not a CSV file: " + OneLine.reason(e, file), e);
    }
    if (found.size() < 2) {
      return new CsvTable(file, List.of());
    }
    List<String> header = found.get(0).fields();
    check(file, header, columns);
    List<Row> rows = new ArrayList<>();
    for (CsvText.Row row : found.subList(1, found.size())) {
      if (row.fields().size() != header.size()) {
        throw new PlotException(
            "%s, line %s: expected %s fields, as in the header, found %s"
                .formatted(file, row.line(), header.size(), row.fields().size()));
      }
      rows.add(new Row(file, header, row));
    }
    return new CsvTable(file, rows);
  }

  private static void check(Path file, List<String> found, List<String> expected) {
    List<String> missing = expected.stream().filter(column -> !found.contains(column)).toList();
    if (!missing.isEmpty()) {
      throw new PlotException(
          "%s: expected the columns %s; %s%s missing among %s"
              .formatted(
                  file,
                  String.join(", ", expected),
                  String.join(", ", missing),
                  missing.size() == 1 ? " is" : " are",
                  OneLine.of(String.join(",", found), 200)));
    }
  }

  /** One row, with the errors of its fields. */
  record Row(Path file, List<String> header, CsvText.Row row) {
    String text(String column) {
      return row.fields().get(header.indexOf(column));
    }

    /** The text of a column that a table may lack; empty if it does, or has nothing there. */
    Optional<String> find(String column) {
      return header.contains(column)
          ? Optional.of(text(column)).filter(text -> !text.isEmpty())
          : Optional.empty();
    }

    /** The integer in a column. */
    int integer(String column) {
      double value = number(column);
      if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
        throw wrong(column, "a whole number");
      }
      return (int) value;
    }

    /** The number in a column; an empty field is NaN, as pandas writes and reads it. */
    double number(String column) {
      try {
        return CsvText.number(text(column));
      } catch (NumberFormatException e) {
        throw wrong(column, "a number");
      }
    }

    private PlotException wrong(String column, String expected) {
      return new PlotException(
          "%s, line %s, column %s: expected %s, found \"%s\""
              .formatted(file, row.line(), column, expected, OneLine.of(text(column), 40)));
    }
  }
}
