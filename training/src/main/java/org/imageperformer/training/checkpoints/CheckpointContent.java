package org.imageperformer.training.checkpoints;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the files of a checkpoint. */
@FunctionalInterface
public interface CheckpointContent {
  /**
   * Writes all files.
   *
   * @param directory exists and is empty
   * @throws IOException when writing fails
   */
  void writeTo(Path directory) throws IOException;
}
