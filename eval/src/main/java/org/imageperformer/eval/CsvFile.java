package org.imageperformer.eval;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.savedmodels.CsvText;
import org.imageperformer.savedmodels.CsvText.Row;
import org.imageperformer.savedmodels.OneLine;

/** The tables of evaluations as files, and the errors of their fields. */
final class CsvFile {

  private CsvFile() {}

  static void write(Path file, List<? extends List<?>> rows) {
    OutputFile.check(file, OutputFile.Content.TABLE);
    CsvText.write(file, rows);
  }

  /** A field that is empty where there is no number. */
  static Object numberOrEmpty(double value) {
    return Double.isNaN(value) ? "" : value;
  }

  /** All rows, the header first; each has as many fields as it. */
  static List<Row> read(Path file) {
    try {
      return CsvText.readTable(file);
    } catch (NoSuchFileException e) {
      throw new EvalException("there is no file " + file, e);
    } catch (IOException e) {
      throw new EvalException(file + ": not a CSV table: " + OneLine.reason(e, file), e);
    }
  }

  static double number(Path file, Row row, int column, String name) {
    String text = row.fields().get(column);
    try {
      return CsvText.number(text);
    } catch (NumberFormatException e) {
      throw wrong(file, row, name, "a number", text);
    }
  }

  static double finite(Path file, Row row, int column, String name) {
    double value = number(file, row, column, name);
    if (!Double.isFinite(value)) {
      throw wrong(file, row, name, "a finite number", row.fields().get(column));
    }
    return value;
  }

  static long integer(Path file, Row row, int column, String name, long largest) {
    String text = row.fields().get(column);
    try {
      long value = Long.parseLong(text);
      if (Math.abs(value) <= largest) {
        return value;
      }
      throw wrong(file, row, name, "at most " + largest, text);
    } catch (NumberFormatException e) {
      throw wrong(file, row, name, "an integer", text);
    }
  }

  private static EvalException wrong(
      Path file, Row row, String name, String expected, String found) {
    return new EvalException(
        "%s line %s: %s should be %s, found \"%s\""
            .formatted(file, row.line(), name, expected, found));
  }
}
