package org.imageperformer.tools.reproduce;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.imageperformer.tools.cli.CommandFailure;

/**
 * What metrics.csv says about the epochs of a run, but for how long they took.
 *
 * @param epochs the columns of each epoch by name
 */
public record RunMetrics(List<Map<String, String>> epochs) {
  private static final Set<String> TIMES = Set.of("images_per_second", "seconds");
  private static final String STEP = "step";

  /**
   * Reads the file.
   *
   * @throws CommandFailure when it is missing, damaged or without an epoch
   */
  public static RunMetrics read(Path file) {
    List<Map<String, String>> epochs = new ArrayList<>();
    try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
      for (NamedCsvRecord record : reader) {
        Map<String, String> columns = new LinkedHashMap<>(record.getFieldsAsMap());
        columns.keySet().removeAll(TIMES);
        epochs.add(columns);
      }
    } catch (IOException | CsvParseException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
    if (epochs.isEmpty() || !epochs.get(0).containsKey(STEP)) {
      throw new CommandFailure(file + ": expected a row for each epoch, found none");
    }
    return new RunMetrics(epochs);
  }

  /** Optimizer steps that the run has taken. */
  public long steps() {
    return Long.parseLong(epochs.get(epochs.size() - 1).get(STEP));
  }
}
