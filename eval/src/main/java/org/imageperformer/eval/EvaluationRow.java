package org.imageperformer.eval;

import java.util.Map;
import org.imageperformer.savedmodels.Results;

/**
 * A line of a table of runs, as {@link EvaluationCsv#readTable} finds it.
 *
 * @param runDir the run
 * @param hparams hyperparameters as they are spelled in the table, in its order; empty where the
 *     run has none
 * @param results losses and accuracies, NaN where there is none
 */
public record EvaluationRow(String runDir, Map<String, String> hparams, Results results) {}
