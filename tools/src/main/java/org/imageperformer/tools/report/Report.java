package org.imageperformer.tools.report;

import java.nio.file.Path;
import java.util.List;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.savedmodels.AtomicFiles;

/**
 * A report on runs: their results and hyperparameters, how they were trained, what they are wrong
 * about and how they bear images that are moved sideways or turned. All results on test images come
 * from the runs' SavedModels alone. The same runs give the same file.
 */
public final class Report {
  private Report() {}

  /**
   * What became of a report.
   *
   * @param problems runs, or parts of them, that could not be shown; the report names them too
   * @param notes what was left out since it was not asked for in a way that can be had, and runs
   *     that were trained on other data than was read; the report says it too
   */
  public record Outcome(List<Problem> problems, List<String> notes) {}

  /**
   * Evaluates runs and writes the report on them. A run that fails does not keep the others from
   * being shown; the listener of the options is told of it at once.
   *
   * @param request what to show
   * @param output the HTML file, created or replaced in one piece
   * @return what is not in the report
   * @throws org.imageperformer.eval.EvalException when none of the runs can be shown, no report can
   *     be written there, or the labels or the shift make no sense; no file is written then
   * @throws org.imageperformer.savedmodels.RunException when writing fails
   */
  public static Outcome write(ReportRequest request, Path output) {
    OutputFile.check(output, OutputFile.Content.PAGE);
    Findings findings = new Investigation(request).findings();
    AtomicFiles.writeString(output, new ReportPage(findings).html());
    return new Outcome(findings.problems(), findings.notes());
  }
}
