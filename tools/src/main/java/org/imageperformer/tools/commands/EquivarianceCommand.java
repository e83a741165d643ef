package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.eval.RunData;
import org.imageperformer.savedmodels.CsvText;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.DownloadProgress;
import org.imageperformer.tools.cli.ProgressDisplay;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.tools.cli.TextTable;
import org.imageperformer.tools.equivariance.EquivarianceProbe;
import org.imageperformer.tools.equivariance.Move;
import org.imageperformer.tools.equivariance.MovedModel;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how much logits change when positions are moved. */
@Command(
    name = "equivariance",
    description = {
      "Shows how much the logits of a run's best checkpoint change when all positions are moved by"
          + " the same amount, and when a picture is moved on its empty background.",
      "A translation-equivariant model changes little by the first; models without coordinates do"
          + " not change at all.",
      "To tell why a picture that moved is taken for another: 'edges' is the picture moved with its"
          + " positions, so that the edges of the image alone have moved; 'features' is the model"
          + " with other random features, a line for each of four draws.",
      "For models of a group of rotations and mirrors there is a line for each of its elements but"
          + " the identity: 'turned 90' and so on. Where pixels do not come to lie on pixels, it"
          + " says 'interpolated', and the change has the picture's own change in it."
    })
final class EquivarianceCommand extends BaseCommand implements Callable<Integer> {
  private static final List<String> HEADER =
      List.of(
          "moved", "rows", "columns", "images", "largest_change", "mean_change", "classes_changed");

  @Parameters(paramLabel = "RUN_DIR", description = "The run.")
  private Path path;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "32",
      description = "Compare the logits of so many test images.")
  private int images;

  @Option(
      names = "--output",
      paramLabel = "FILE.csv",
      description = "Write the table to this file, too.")
  private Path output;

  @Option(
      names = "--data_path",
      paramLabel = "DIR",
      description = {"Folder of the data sets.", "  Default: that of the run's training"})
  private Path dataPath;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {"Processor threads.", "  Default: all cores"})
  private Integer threads;

  @Override
  public Integer call() {
    if (images < 1) {
      throw wrongUsage("images is " + images + ", must be at least 1");
    }
    if (threads != null && threads < 1) {
      throw wrongUsage("threads is " + threads + ", must be at least 1");
    }
    if (output != null) {
      OutputFile.check(output, OutputFile.Content.TABLE);
    }
    SavedRun run = SavedRun.open(path);
    Dataset dataset =
        Datasets.load(
            run.config().dataset(),
            Optional.ofNullable(dataPath).orElse(run.config().get(DATA_PATH)),
            run.config().get(IMAGE_SIZE),
            new DownloadProgress(err()));
    RunData.read(path, Optional.ofNullable(dataPath))
        .difference(dataset)
        .ifPresent(text -> err().println("warning: " + OneLine.of(text)));
    EquivarianceProbe.Outcome outcome = probe(run, dataset);
    List<Move> moves = outcome.moves();
    print(moves);
    out()
        .println(
            String.format(
                Locale.ROOT,
                "To compare with: the logits have a standard deviation of %.2e.",
                outcome.logitDeviation()));
    if (output != null) {
      write(moves);
    }
    return ExitCode.OK;
  }

  private EquivarianceProbe.Outcome probe(SavedRun run, Dataset dataset) {
    int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    try (ProgressDisplay display = progress();
        MovedModel model = new MovedModel(run.config(), run.weights(Slot.BEST), cores)) {
      return new EquivarianceProbe(
              model, images, (done, total) -> display.show("moves", done, total, ""))
          .probe(dataset);
    }
  }

  private void print(List<Move> moves) {
    TextTable table = new TextTable(1, HEADER.toArray(String[]::new));
    for (Move move : moves) {
      table.add(
          move.label(),
          Integer.toString(move.rows()),
          Integer.toString(move.columns()),
          Integer.toString(move.images()),
          String.format(Locale.ROOT, "%.2e", move.change().largest()),
          String.format(Locale.ROOT, "%.2e", move.change().mean()),
          Integer.toString(move.change().classes()));
    }
    table.print(out());
  }

  private void write(List<Move> moves) {
    List<List<?>> rows = new ArrayList<>(List.of(HEADER));
    for (Move move : moves) {
      rows.add(
          List.of(
              move.label(),
              move.rows(),
              move.columns(),
              move.images(),
              move.change().largest(),
              move.change().mean(),
              move.change().classes()));
    }
    CsvText.write(output, rows);
  }
}
