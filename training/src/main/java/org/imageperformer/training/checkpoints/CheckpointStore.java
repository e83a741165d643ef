package org.imageperformer.training.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.OneLine;

/**
 * The folder {@code checkpoints/} of a run, with a directory for each {@link Slot}. A crash at any
 * instant leaves a whole checkpoint of every slot that had one.
 *
 * <p>A checkpoint is written to {@code .NAME.new}: its files, then a manifest of their sizes and
 * CRC32s, all forced to the disk. Then {@code NAME} becomes {@code NAME.previous}, and {@code
 * .NAME.new} becomes {@code NAME}. Looking for a checkpoint therefore tries {@code NAME}, {@code
 * .NAME.new} (whole when a crash fell between the two renames) and {@code NAME.previous}, and takes
 * the first that fits its manifest.
 *
 * <p>One process at a time may write.
 */
public final class CheckpointStore {

  /** The checkpoints a run keeps. */
  public enum Slot {
    /** The weights with the best validation accuracy. */
    BEST("best", false),
    /** Where training goes on; the one before it stays as a reserve against damage. */
    LAST("last", true);

    private final String label;
    private final boolean keepsPrevious;

    Slot(String label, boolean keepsPrevious) {
      this.label = label;
      this.keepsPrevious = keepsPrevious;
    }

    /** The name of its directory. */
    public String label() {
      return label;
    }
  }

  private final Path directory;
  private final FileOperations files;

  /**
   * @param directory the folder of the checkpoints; created by the first {@link #save} if missing
   */
  public CheckpointStore(Path directory) {
    this(directory, new DiskOperations());
  }

  CheckpointStore(Path directory, FileOperations files) {
    this.directory = directory;
    this.files = files;
  }

  /** The folder of the checkpoints. */
  public Path directory() {
    return directory;
  }

  /** Where a slot's newest checkpoint lies, if there is one. */
  public Path path(Slot slot) {
    return directory.resolve(slot.label);
  }

  /**
   * Writes a checkpoint. The one before stays usable until this one is whole.
   *
   * @param slot which one to replace
   * @param content writes the files
   * @throws CheckpointException when it cannot be written; {@link #find} then still finds one, if
   *     there was one
   */
  public void save(Slot slot, CheckpointContent content) {
    Path target = path(slot);
    Path fresh = fresh(slot);
    Path previous = previous(slot);
    try {
      files.createDirectories(directory);
      if (!Files.exists(target) && Files.exists(fresh) && Manifest.problem(fresh).isEmpty()) {
        files.rename(fresh, target);
      }
      files.deleteTree(fresh);
      write(fresh, content);
      if (Files.exists(target)) {
        files.deleteTree(previous);
        files.rename(target, previous);
      }
      files.rename(fresh, target);
      files.force(directory);
      if (!slot.keepsPrevious) {
        files.deleteTree(previous);
      }
    } catch (IOException | RuntimeException e) {
      abandon(fresh, target, e);
      throw new CheckpointException(
          "cannot write the checkpoint "
              + target
              + ": "
              + OneLine.reason(e, target)
              + remaining(slot),
          e);
    }
  }

  private void write(Path fresh, CheckpointContent content) throws IOException {
    files.createDirectories(fresh);
    content.writeTo(fresh);
    Manifest manifest = Manifest.of(fresh);
    for (Manifest.Entry entry : manifest.files()) {
      files.force(fresh.resolve(entry.name()));
    }
    Path list = fresh.resolve(Manifest.NAME);
    files.write(list, manifest.toJson());
    files.force(list);
    files.force(fresh);
  }

  /** Gives the disk space of an unfinished checkpoint back, unless it is the only one. */
  private void abandon(Path fresh, Path target, Exception failure) {
    if (!Files.exists(target) && Manifest.problem(fresh).isEmpty()) {
      return;
    }
    try {
      files.deleteTree(fresh);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private String remaining(Slot slot) {
    Path target = path(slot);
    return Files.exists(target) ? "; the one written before is still there" : "";
  }

  /**
   * Looks for the newest whole checkpoint.
   *
   * @param slot which one
   * @return the checkpoint, with warnings if newer ones are damaged; empty if none was ever
   *     finished
   * @throws CheckpointException when there is one, but none that is whole
   */
  public Optional<Checkpoint> find(Slot slot) {
    Path fresh = fresh(slot);
    List<String> problems = new ArrayList<>();
    for (Path candidate : List.of(path(slot), fresh, previous(slot))) {
      if (!Files.exists(candidate)) {
        continue;
      }
      Optional<String> problem = Manifest.problem(candidate);
      if (problem.isEmpty()) {
        return Optional.of(new Checkpoint(candidate, problems));
      }
      // A crash while writing leaves an unfinished one behind: nothing is lost with it.
      if (!candidate.equals(fresh)) {
        problems.add(problem.get());
      }
    }
    if (problems.isEmpty()) {
      return Optional.empty();
    }
    throw new CheckpointException(
        "no usable checkpoint '"
            + slot.label
            + "' in "
            + directory
            + ": "
            + String.join("; ", problems)
            + ". Put the files back from a copy, or train anew.");
  }

  /**
   * Whether no slot has anything to lose, whole or damaged.
   *
   * @throws CheckpointException when the folder cannot be read
   */
  public boolean isEmpty() {
    for (Slot slot : Slot.values()) {
      if (Files.exists(path(slot))
          || Files.exists(previous(slot))
          || (Files.exists(fresh(slot)) && Manifest.problem(fresh(slot)).isEmpty())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Removes what unfinished writing has left and, if nothing else is in it, the folder.
   *
   * @throws CheckpointException when that fails
   */
  public void removeIfEmpty() {
    if (!isEmpty()) {
      return;
    }
    try {
      for (Slot slot : Slot.values()) {
        files.deleteTree(fresh(slot));
      }
      if (Files.isDirectory(directory)) {
        try (Stream<Path> entries = Files.list(directory)) {
          if (entries.findAny().isPresent()) {
            return;
          }
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot remove " + directory + ": " + OneLine.reason(e, directory), e);
    }
  }

  private Path fresh(Slot slot) {
    return directory.resolve("." + slot.label + ".new");
  }

  private Path previous(Slot slot) {
    return directory.resolve(slot.label + ".previous");
  }
}
