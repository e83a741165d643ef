package org.imageperformer.tools.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.imageperformer.eval.RunResult;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.training.TrainingConfig;

/** What a run reaches, for a person and for the run's folder. */
public final class RunResults {
  private RunResults() {}

  /** Leaves results.json in a run that has none, as one that was imported. */
  public static void writeIfAbsent(RunResult result, PrintWriter err) {
    RunDirectory run = RunDirectory.open(result.run());
    if (Files.exists(run.results())) {
      return;
    }
    if (!onItsData(HParams.read(run.hparams()), result.hparams())) {
      err.println("warning: " + run.results() + " is not written: these are figures of other data");
      return;
    }
    try {
      result.results().write(run.results());
    } catch (RunException e) {
      // The folder may be someone else's: the results are shown all the same.
      err.println("warning: " + e.getMessage());
    }
  }

  /** Whether what was read is what the run was trained on, or the run does not say. */
  private static boolean onItsData(HParams trained, HParams evaluated) {
    Map<String, Object> before = data(trained);
    return before.isEmpty() || before.equals(data(evaluated));
  }

  private static Map<String, Object> data(HParams hparams) {
    Map<String, Object> data = new TreeMap<>();
    hparams
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(TrainingConfig.DATA_PREFIX)) {
                data.put(name, value);
              }
            });
    return data;
  }

  /**
   * A loss or accuracy in four digits, or nothing where there is none; a number of parameters in
   * all of its digits.
   */
  public static String text(Object value) {
    if (value instanceof Double number) {
      return number.isNaN() ? "" : String.format(Locale.ROOT, "%.4f", number);
    }
    return value.toString();
  }
}
