package org.imageperformer.tools.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.imageperformer.options.Labelled;
import org.imageperformer.savedmodels.FollowedPath;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.RunLock;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.training.Precision;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.engine.ModelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a run's SavedModel again. */
@Command(name = "export", description = "Writes the SavedModel of a run again, from a checkpoint.")
final class ExportCommand extends BaseCommand implements Callable<Integer> {
  /** What the option --checkpoint takes. */
  static final class Names implements Iterable<String> {
    private final List<String> names = Arrays.stream(Slot.values()).map(Slot::label).toList();

    @Override
    public Iterator<String> iterator() {
      return names.iterator();
    }
  }

  @Parameters(paramLabel = "RUN_DIR", description = "The run.")
  private Path path;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = {"The folder to write.", "  Default: saved_model in the run"})
  private Path output;

  @Option(
      names = "--checkpoint",
      paramLabel = "best|last",
      completionCandidates = Names.class,
      defaultValue = "best",
      description = "The weights with the best val/acc, or the last ones.")
  private String checkpoint;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      defaultValue = "fp32",
      description = "Numbers of the matrix products; bf16 is faster on processors that have it.")
  private String precision;

  @Override
  public Integer call() throws IOException {
    Slot slot =
        Arrays.stream(Slot.values())
            .filter(known -> known.label().equals(checkpoint))
            .findFirst()
            .orElseThrow(
                () -> wrongUsage("checkpoint is " + checkpoint + ", must be one of best, last"));
    Precision products = products();
    SavedRun run = SavedRun.open(path);
    if (output == null) {
      // A training that is under way would write the same folder.
      try (RunLock lock = run.directory().lock()) {
        Objects.requireNonNull(lock);
        write(run, slot, products, run.directory().savedModel());
      }
    } else {
      refuseOtherRuns(run.directory());
      refuseToReplace(output);
      Files.createDirectories(output.toAbsolutePath().getParent());
      write(run, slot, products, output);
    }
    return ExitCode.OK;
  }

  private Precision products() {
    try {
      return Labelled.of(Precision.class, "precision", precision);
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  private void write(SavedRun run, Slot slot, Precision products, Path target) {
    Map<String, float[]> weights = run.weights(slot);
    new ModelExport(ProductVersion.product(), products).write(run.config(), weights, target);
    out().println(target);
  }

  /** A run's model is that of its own checkpoints. */
  private void refuseOtherRuns(RunDirectory run) {
    Optional<RunDirectory> owner = RunDirectory.owner(output);
    if (owner.isPresent() && !FollowedPath.of(output).equals(FollowedPath.of(run.savedModel()))) {
      throw new CommandFailure(
          "cannot write "
              + output
              + ": it is one of the own files of the run "
              + owner.get()
              + ", choose another --output");
    }
  }

  /** Models of other programs, and folders of anything else, are not ours to replace. */
  private static void refuseToReplace(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      boolean ours =
          Files.exists(folder.resolve("saved_model.pb"))
              && Files.exists(folder.resolve("assets.extra/model.json"));
      if (entries.findAny().isPresent() && !ours) {
        throw new CommandFailure(
            folder
                + " exists and is no SavedModel that this program wrote: choose another --output");
      }
    }
  }
}
