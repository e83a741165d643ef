package org.imageperformer.savedmodels;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run's best checkpoint reaches: results.json (cli.md, "A run directory").
 *
 * @param valLoss mean cross-entropy over the validation images, in nats
 * @param valAcc fraction of validation images classified rightly, 0 to 1
 * @param testLoss mean cross-entropy over the test images, in nats
 * @param testAcc fraction of test images classified rightly, 0 to 1
 * @param nParameters trainable parameters of the model
 */
public record Results(
    double valLoss, double valAcc, double testLoss, double testAcc, long nParameters) {

  /** Column and key names, in the order of the record's components. */
  public static final String VAL_LOSS = "val/loss";

  /** See {@link #VAL_LOSS}. */
  public static final String VAL_ACC = "val/acc";

  /** See {@link #VAL_LOSS}. */
  public static final String TEST_LOSS = "test/loss";

  /** See {@link #VAL_LOSS}. */
  public static final String TEST_ACC = "test/acc";

  /** See {@link #VAL_LOSS}. */
  public static final String N_PARAMETERS = "n_parameters";

  /**
   * Returns what it holds.
   *
   * @param file results.json
   * @throws RunException when it is missing, no JSON, or lacks a number
   */
  public static Results read(Path file) {
    HParams values = HParams.read(file);
    return new Results(
        values.number(VAL_LOSS),
        values.number(VAL_ACC),
        values.number(TEST_LOSS),
        values.number(TEST_ACC),
        values.longInteger(N_PARAMETERS));
  }

  /**
   * Writes them as JSON.
   *
   * @param file results.json, created or replaced in one piece
   * @throws RunException when it cannot be written, or a number is not finite
   */
  public void write(Path file) {
    try {
      HParams.of(asMap()).write(file);
    } catch (IllegalArgumentException e) {
      throw new RunException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Returns key to Double or Long, in the order of the components. */
  public Map<String, Object> asMap() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(VAL_LOSS, valLoss);
    values.put(VAL_ACC, valAcc);
    values.put(TEST_LOSS, testLoss);
    values.put(TEST_ACC, testAcc);
    values.put(N_PARAMETERS, nParameters);
    return values;
  }
}
