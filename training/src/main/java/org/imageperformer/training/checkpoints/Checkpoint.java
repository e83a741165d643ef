package org.imageperformer.training.checkpoints;

import java.nio.file.Path;
import java.util.List;

/**
 * A whole checkpoint that was found on disk: all its files have the size and the checksum they were
 * written with.
 *
 * @param directory where its files lie
 * @param warnings why it is not the newest, empty if it is
 */
public record Checkpoint(Path directory, List<String> warnings) {
  /** Copies the list. */
  public Checkpoint {
    warnings = List.copyOf(warnings);
  }

  /**
   * A checksum of everything in it.
   *
   * @throws CheckpointException when it cannot be read
   */
  public String checksum() {
    return Manifest.checksum(directory);
  }
}
