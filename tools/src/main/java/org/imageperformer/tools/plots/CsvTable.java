package org.imageperformer.tools.plots;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rows of a CSV file that has at least the columns asked for.
 *
 * @param file where they come from
 * @param rows in the file's order
 */
record CsvTable(Path file, List<Row> rows) {
  /** More than any run writes, and little enough to hold. */
  private static final int MAX_ROWS = 100_000;

  /** Characters of a field, in the reader's terms. */
  private static final int MAX_FIELD = 65_536;

  /**
   * Reads a file.
   *
   * @throws PlotException if it is not there, is no CSV, lacks a column or has no rows
   */
  static CsvTable read(Path file, List<String> columns) {
    CsvTable table = readBegun(file, columns);
    if (table.rows().isEmpty()) {
      throw new PlotException(
          file
              + ": expected the columns "
              + String.join(", ", columns)
              + " and at least one row below them, found no rows");
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
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .maxBufferSize(MAX_FIELD)
            .allowMissingFields(true)
            .allowExtraFields(true)
            .ofNamedCsvRecord(file)) {
      List<Row> rows = new ArrayList<>();
      for (NamedCsvRecord fields : reader) {
        if (rows.isEmpty()) {
          check(file, fields.getHeader(), columns);
        }
        if (rows.size() == MAX_ROWS) {
          throw new PlotException(file + ": has more than " + MAX_ROWS + " rows");
        }
        if (fields.getFieldCount() != fields.getHeader().size()) {
          throw new PlotException(
              "%s, line %d: expected %d fields, as in the header, found %d"
                  .formatted(
                      file,
                      fields.getStartingLineNumber(),
                      fields.getHeader().size(),
                      fields.getFieldCount()));
        }
        rows.add(new Row(file, fields));
      }
      return new CsvTable(file, rows);
    } catch (NoSuchFileException e) {
      throw new PlotException(file + ": no such file", e);
    } catch (CsvParseException e) {
      throw new PlotException(file + ": is not a CSV file: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new PlotException(file + ": cannot be read: " + e.getCause().getMessage(), e);
    } catch (IOException e) {
      throw new PlotException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void check(Path file, List<String> found, List<String> expected) {
    List<String> missing = expected.stream().filter(column -> !found.contains(column)).toList();
    if (!missing.isEmpty()) {
      throw new PlotException(
          file
              + ": expected the columns "
              + String.join(", ", expected)
              + "; "
              + String.join(", ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " missing among "
              + printable(String.join(",", found), 200));
    }
  }

  /** What a stranger's file says, fit for a terminal. */
  static String printable(String text, int length) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return clean.length() > length ? clean.substring(0, length) + "..." : clean;
  }

  /** One row, with the errors of its fields. */
  record Row(Path file, NamedCsvRecord fields) {
    String text(String column) {
      return fields.findField(column).orElse("");
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
      String text = text(column).strip();
      try {
        return switch (text.toLowerCase(Locale.ROOT)) {
          case "", "nan" -> Double.NaN;
          case "inf" -> Double.POSITIVE_INFINITY;
          case "-inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(text);
        };
      } catch (NumberFormatException e) {
        throw wrong(column, "a number");
      }
    }

    private PlotException wrong(String column, String expected) {
      return new PlotException(
          "%s, line %d, column %s: expected %s, found \"%s\""
              .formatted(
                  file,
                  fields.getStartingLineNumber(),
                  column,
                  expected,
                  printable(text(column), 40)));
    }
  }
}
