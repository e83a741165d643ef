package org.imageperformer.savedmodels;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CSV as pandas and R read it without options: commas, quotes where needed, {@code .} decimals and
 * line feeds. Files are read within bounds whatever they hold.
 */
public final class CsvText {

  /** Far above any table of runs, as are the other bounds. */
  private static final long MOST_BYTES = 64L << 20;

  private static final int MOST_ROWS = 1_000_000;
  private static final int MOST_CHARACTERS = 1 << 16;

  private CsvText() {}

  /**
   * A row of a file.
   *
   * @param line where it begins, from 1
   * @param fields as many as it happens to have
   */
  public record Row(long line, List<String> fields) {}

  /**
   * Reads a file whose rows may be of any length, as those that a crash has torn.
   *
   * @return all rows, the header first
   * @throws java.nio.file.FileSystemException when it is not there or cannot be opened
   * @throws IOException when it is no CSV; the message does not name the file
   */
  public static List<Row> read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new IOException("expected at most " + MOST_BYTES + " bytes, found " + size);
    }
    List<Row> rows = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .maxBufferSize(MOST_CHARACTERS)
            .allowMissingFields(true)
            .allowExtraFields(true)
            .ofCsvRecord(file)) {
      for (CsvRecord row : reader) {
        if (rows.size() == MOST_ROWS) {
          throw new IOException("expected at most " + MOST_ROWS + " rows, found more");
        }
        rows.add(new Row(row.getStartingLineNumber(), row.getFields()));
      }
    } catch (CsvParseException | UncheckedIOException e) {
      throw new IOException((e.getCause() == null ? e : e.getCause()).getMessage(), e);
    }
    return rows;
  }

  /**
   * The same where each row has to have as many fields as the header.
   *
   * @return all rows, the header first
   * @throws IOException also when one has not
   */
  public static List<Row> readTable(Path file) throws IOException {
    List<Row> rows = read(file);
    for (Row row : rows) {
      int expected = rows.get(0).fields().size();
      int found = row.fields().size();
      if (found != expected) {
        throw new IOException(
            "line " + row.line() + ": expected " + expected + " fields, found " + found);
      }
    }
    return rows;
  }

  /**
   * Writes a file in one piece.
   *
   * @param file to create or replace
   * @param rows the header first; values are spelt as {@link #line} does
   * @throws RunException when it cannot be written
   */
  public static void write(Path file, List<? extends List<?>> rows) {
    AtomicFiles.writeString(file, text(rows));
  }

  /**
   * Returns a row with its line feed, values as pandas spells them: {@code True}, {@code Inf},
   * nothing for null, all digits of a number.
   */
  public static String line(List<?> values) {
    return text(List.of(values));
  }

  private static String text(List<? extends List<?>> rows) {
    StringWriter text = new StringWriter();
    try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      rows.forEach(row -> writer.writeRecord(row.stream().map(CsvText::field).toList()));
    } catch (IOException e) {
      throw new IllegalStateException("a StringWriter failed", e);
    }
    return text.toString();
  }

  private static String field(Object value) {
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

  /**
   * Reads a number as pandas or {@link #line} spells it; nothing is NaN.
   *
   * @throws NumberFormatException when it is none
   */
  public static double number(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "", "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
