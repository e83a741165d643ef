package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.imageperformer.savedmodels.CsvText.Row;
import org.imageperformer.savedmodels.Results;

/** The tables of {@code test} and {@code test-recursive}, column for column as cli.md says. */
public final class EvaluationCsv {

  private static final String RUN_DIR = "run_dir";
  private static final List<String> RESULTS =
      List.of(
          Results.VAL_LOSS,
          Results.VAL_ACC,
          Results.TEST_LOSS,
          Results.TEST_ACC,
          Results.N_PARAMETERS);

  private EvaluationCsv() {}

  /**
   * Writes one run as pandas writes a Series: a name and a value a line, under the header {@code
   * ,0}; hyperparameters first, then the results.
   *
   * @param file created or replaced in one piece
   * @param result the run
   * @throws EvalException when there is no such folder
   * @throws org.imageperformer.savedmodels.RunException when the file cannot be written
   */
  public static void writeSeries(Path file, RunResult result) {
    List<List<Object>> rows = new ArrayList<>();
    rows.add(List.of("", "0"));
    values(result).forEach((name, value) -> rows.add(Arrays.asList(name, value)));
    CsvFile.write(file, rows);
  }

  /**
   * Writes runs, one a line: {@code run_dir}, the hyperparameters of all runs (in the order in
   * which they first occur, empty where a run has none), then the results.
   *
   * @param file created or replaced in one piece
   * @param results the runs
   * @throws EvalException when there is no such folder
   * @throws org.imageperformer.savedmodels.RunException when the file cannot be written
   */
  public static void writeTable(Path file, List<RunResult> results) {
    Set<String> columns = new LinkedHashSet<>();
    results.forEach(result -> columns.addAll(values(result).keySet()));
    columns.removeAll(RESULTS);
    columns.addAll(RESULTS);
    List<List<Object>> rows = new ArrayList<>();
    List<Object> header = new ArrayList<>(List.of(RUN_DIR));
    header.addAll(columns);
    rows.add(header);
    for (RunResult result : results) {
      Map<String, Object> values = values(result);
      List<Object> row = new ArrayList<>(List.of(result.run()));
      columns.forEach(column -> row.add(values.get(column)));
      rows.add(row);
    }
    CsvFile.write(file, rows);
  }

  private static Map<String, Object> values(RunResult result) {
    Map<String, Object> values = new LinkedHashMap<>(result.hparams().values());
    values.keySet().removeAll(RESULTS);
    values.remove(RUN_DIR);
    values.putAll(result.results().asMap());
    return values;
  }

  /**
   * Reads a table that {@link #writeTable} or the authors' script made. Columns may stand in any
   * order; of columns with the same name the second is called {@code name.1}, as pandas does.
   *
   * @param file the table
   * @return its lines
   * @throws EvalException when it cannot be read or is no such table
   */
  public static List<EvaluationRow> readTable(Path file) {
    List<Row> records = CsvFile.read(file);
    List<String> header = records.isEmpty() ? List.of() : names(records.get(0).fields());
    if (!header.contains(RUN_DIR) || !header.containsAll(RESULTS)) {
      throw new EvalException(
          file
              + ": expected a table with the columns run_dir, "
              + String.join(", ", RESULTS)
              + ", found "
              + header);
    }
    return records.stream().skip(1).map(record -> row(file, header, record)).toList();
  }

  private static List<String> names(List<String> header) {
    List<String> names = new ArrayList<>();
    for (String column : header) {
      String name = column;
      for (int i = 1; names.contains(name); i++) {
        name = column + "." + i;
      }
      names.add(name);
    }
    return names;
  }

  private static EvaluationRow row(Path file, List<String> header, Row record) {
    Map<String, String> hparams = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      if (!header.get(i).equals(RUN_DIR) && !RESULTS.contains(header.get(i))) {
        hparams.put(header.get(i), record.fields().get(i));
      }
    }
    return new EvaluationRow(
        record.fields().get(header.indexOf(RUN_DIR)),
        Collections.unmodifiableMap(hparams),
        new Results(
            number(file, header, record, Results.VAL_LOSS),
            number(file, header, record, Results.VAL_ACC),
            number(file, header, record, Results.TEST_LOSS),
            number(file, header, record, Results.TEST_ACC),
            CsvFile.integer(
                file,
                record,
                header.indexOf(Results.N_PARAMETERS),
                Results.N_PARAMETERS,
                Long.MAX_VALUE)));
  }

  private static double number(Path file, List<String> header, Row record, String name) {
    return CsvFile.number(file, record, header.indexOf(name), name);
  }
}
