package org.imageperformer.eval;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.AtomicFiles;

/** CSV as pandas and R read it without options: commas, quotes where needed, {@code .} decimals. */
final class CsvFile {

  /** Far above any table of runs. */
  private static final long LARGEST_FILE = 64L << 20;

  private CsvFile() {}

  static void write(Path file, List<List<String>> rows) {
    OutputFile.check(file);
    AtomicFiles.write(
        file,
        out -> {
          // Not closed: the stream is its owner's.
          CsvWriter writer =
              CsvWriter.builder()
                  .lineDelimiter(LineDelimiter.LF)
                  .build(out, StandardCharsets.UTF_8);
          try {
            rows.forEach(writer::writeRecord);
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          writer.flush();
        });
  }

  /** All lines, the header first; each has as many fields as it. */
  static List<CsvRecord> read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        throw new EvalException(
            file + ": expected a table of at most " + LARGEST_FILE + " bytes, found " + size);
      }
      try (CsvReader<CsvRecord> reader =
              CsvReader.builder().detectBomHeader(true).ofCsvRecord(file);
          Stream<CsvRecord> records = reader.stream()) {
        return records.toList();
      }
    } catch (NoSuchFileException e) {
      throw new EvalException("there is no file " + file, e);
    } catch (CsvParseException | UncheckedIOException | IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new EvalException(file + ": not a CSV table: " + cause.getMessage(), e);
    }
  }

  /**
   * A value as pandas spells it: {@code True}, nothing for a missing value. Digits are all there.
   */
  static String field(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Double number && number.isInfinite()) {
      return number > 0 ? "Inf" : "-Inf";
    }
    return value.toString();
  }

  static double number(Path file, CsvRecord row, int column, String name) {
    String text = row.getField(column);
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return switch (text) {
        case "Inf", "inf" -> Double.POSITIVE_INFINITY;
        case "-Inf", "-inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw wrong(file, row, name, "a number", text);
    }
  }

  static long integer(Path file, CsvRecord row, int column, String name, long largest) {
    String text = row.getField(column);
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
      Path file, CsvRecord row, String name, String expected, String found) {
    return new EvalException(
        file
            + " line "
            + row.getStartingLineNumber()
            + ": "
            + name
            + " should be "
            + expected
            + ", found \""
            + found
            + "\"");
  }
}
