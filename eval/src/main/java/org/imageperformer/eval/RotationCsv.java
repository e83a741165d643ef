package org.imageperformer.eval;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table of {@code test-rotated} (cli.md, "CSV files"). */
public final class RotationCsv {
  private static final List<String> HEADER =
      List.of("", "run_dir", "angle", "accuracy_mean", "accuracy_std", "loss_mean", "loss_std");

  private RotationCsv() {}

  /**
   * Writes a table; a line's index comes first. The standard deviation of a single image is empty.
   *
   * @param file created or replaced in one piece
   * @param rows the lines
   * @throws EvalException when there is no such folder
   * @throws org.imageperformer.savedmodels.RunException when the file cannot be written
   */
  public static void write(Path file, List<RotationRow> rows) {
    List<List<?>> lines = new ArrayList<>();
    lines.add(HEADER);
    for (RotationRow row : rows) {
      lines.add(
          List.of(
              lines.size() - 1,
              row.runDir(),
              angle(row.angle()),
              row.accuracyMean(),
              CsvFile.numberOrEmpty(row.accuracyStd()),
              row.lossMean(),
              CsvFile.numberOrEmpty(row.lossStd())));
    }
    CsvFile.write(file, lines);
  }

  /** An angle as people write it: 15, 22.5. */
  public static String angle(double degrees) {
    return degrees == 0 ? "0" : BigDecimal.valueOf(degrees).stripTrailingZeros().toPlainString();
  }
}
