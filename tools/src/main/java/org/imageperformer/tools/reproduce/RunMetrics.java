package org.imageperformer.tools.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.imageperformer.savedmodels.CsvText;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.CommandFailure;

/**
 * What metrics.csv says about the epochs of a run, but for how long they took.
 *
 * @param epochs the columns of each epoch by name
 */
public record RunMetrics(List<Map<String, String>> epochs) {
  private static final Set<String> TIMES = Set.of("images_per_second", "seconds");
  private static final String STEP = "step";
  private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,18}");

  /**
   * Reads the file.
   *
   * @throws CommandFailure when it is missing, damaged or without an epoch
   */
  public static RunMetrics read(Path file) {
    List<CsvText.Row> rows;
    try {
      rows = CsvText.readTable(file);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + OneLine.reason(e, file), e);
    }
    if (rows.size() < 2 || !rows.get(0).fields().contains(STEP)) {
      throw new CommandFailure(file + ": expected a row for each epoch, found none");
    }
    List<Map<String, String>> epochs = new ArrayList<>();
    for (CsvText.Row row : rows.subList(1, rows.size())) {
      Map<String, String> columns = new LinkedHashMap<>();
      for (int i = 0; i < row.fields().size(); i++) {
        columns.put(rows.get(0).fields().get(i), row.fields().get(i));
      }
      columns.keySet().removeAll(TIMES);
      if (!WHOLE_NUMBER.matcher(columns.get(STEP)).matches()) {
        throw new CommandFailure(
            "%s: line %s: expected a number of steps, found %s"
                .formatted(file, row.line(), OneLine.quoted(columns.get(STEP))));
      }
      epochs.add(columns);
    }
    return new RunMetrics(epochs);
  }

  /** Optimizer steps that the run has taken. */
  public long steps() {
    return Long.parseLong(epochs.get(epochs.size() - 1).get(STEP));
  }
}
