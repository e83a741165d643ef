package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.eval.Angles;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.EvalArguments;
import org.imageperformer.tools.cli.EvalProgress;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.report.Report;
import org.imageperformer.tools.report.ReportRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a report on runs for a person. */
@Command(
    name = "report",
    description = {
      "Writes an HTML file about runs: results, curves, mistakes, shifted and turned images.",
      "The file needs no other file and no network. Images are shifted where the data set's have"
          + " empty margins. When a run fails the others are shown, and the exit status is 1."
    })
final class ReportCommand extends BaseCommand implements Callable<Integer> {
  /** For --angles: no turned images. */
  private static final String NONE = "none";

  @Parameters(arity = "1..*", paramLabel = "RUN_DIR", description = "The runs.")
  private List<Path> runs;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE.html",
      description = "The report to write.")
  private Path output;

  @Option(
      names = "--labels",
      arity = "1..*",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description = "Shift images of these classes.")
  private List<Integer> labels;

  @Option(
      names = "--min_shift",
      paramLabel = "N",
      defaultValue = "8",
      description = "Shift them by -N to +N columns.")
  private int minShift;

  @Option(
      names = "--angles",
      paramLabel = "FROM:TO:STEP",
      defaultValue = "0:330:30",
      description =
          "Turn images of all classes by these angles, in degrees counterclockwise; also a list,"
              + " 0,90,180, or none to leave turned images out. They take as long as (angles) x"
              + " (--limit_rotated) test images more.")
  private String angles;

  @Option(
      names = "--limit_rotated",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Turn the first N test images.")
  private int limitRotated;

  @Option(
      names = "--disc",
      description =
          "Blacken all but the largest circle within the frame of turned images, at every angle, so"
              + " that corners tell nothing.")
  private boolean disc;

  @Option(
      names = "--limit_test",
      paramLabel = "N",
      description = {"Use the first N test images, for a quick report.", "  Default: all"})
  private Integer limitTest;

  @Mixin private EvalArguments arguments = new EvalArguments();

  @Override
  public Integer call() {
    if (limitTest != null && limitTest < 1) {
      throw wrongUsage("limit_test is " + limitTest + ", must be at least 1");
    }
    if (limitRotated < 1) {
      throw wrongUsage("limit_rotated is " + limitRotated + ", must be at least 1");
    }
    Report.Outcome outcome;
    try (EvalProgress progress = new EvalProgress(this)) {
      ReportRequest request =
          new ReportRequest(
              runs,
              arguments.options(this, progress),
              new LinkedHashSet<>(labels),
              minShift,
              rotation(),
              Optional.ofNullable(limitTest),
              "Image Performer " + ProductVersion.product());
      outcome = Report.write(request, output);
    }
    outcome.notes().forEach(note -> err().println("warning: " + OneLine.of(note)));
    out().println("report: " + output);
    return outcome.problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Optional<ReportRequest.Rotation> rotation() {
    return angles.strip().equals(NONE)
        ? Optional.empty()
        : Optional.of(new ReportRequest.Rotation(Angles.parse(angles), limitRotated, disc));
  }
}
