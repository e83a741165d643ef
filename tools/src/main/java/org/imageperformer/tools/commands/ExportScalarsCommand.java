package org.imageperformer.tools.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.savedmodels.CsvText;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.scalars.RunScalars;
import org.imageperformer.tools.scalars.ScalarTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns TensorBoard's event files into a table. */
@Command(
    name = "export-scalars",
    description = {
      "Writes numbers that trainings logged for TensorBoard into a table: those of all runs below a"
          + " folder, whichever program wrote them.",
      "Best is the lowest value of a tag with loss or err in its name, and the highest of any"
          + " other."
    })
final class ExportScalarsCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "LOG_DIR", description = "Where to look for runs, itself included.")
  private Path folder;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE.csv",
      description = "The table to write.")
  private Path output;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      showDefaultValue = Visibility.NEVER,
      description = {"Only this tag, such as val/acc; may be repeated.", "  Default: all"})
  private final List<String> tags = new ArrayList<>();

  @Option(
      names = "--all_values",
      description =
          "A row for every value (run, tag, step, wall_time, value), not one for every run with last"
              + " and best values.")
  private boolean allValues;

  @Override
  public Integer call() {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure("no folder " + folder + ": expected one with runs in it");
    }
    List<Path> files = RunScalars.files(folder);
    if (files.isEmpty()) {
      throw new CommandFailure(
          "no event files below "
              + folder
              + ": expected files with tfevents in their names, as TensorBoard reads them");
    }
    OutputFile.check(output, OutputFile.Content.TABLE, files);
    List<RunScalars> runs =
        RunScalars.read(folder, files, warning -> err().println("warning: " + OneLine.of(warning)));
    SortedSet<String> found = new TreeSet<>();
    runs.forEach(run -> found.addAll(run.byTag().keySet()));
    if (found.isEmpty()) {
      throw new CommandFailure("no numbers in the event files below " + folder);
    }
    for (String tag : tags) {
      if (!found.contains(tag)) {
        throw new CommandFailure(
            "no run below "
                + folder
                + " has the tag "
                + tag
                + "; there are "
                + String.join(", ", found));
      }
    }
    List<String> chosen = tags.isEmpty() ? List.copyOf(found) : tags;
    CsvText.write(
        output, allValues ? ScalarTable.ofValues(runs, chosen) : ScalarTable.ofRuns(runs, chosen));
    out().println(runs.size() + " runs, " + chosen.size() + " tags: " + output);
    return ExitCode.OK;
  }
}
