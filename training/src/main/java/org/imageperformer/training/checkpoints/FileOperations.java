package org.imageperformer.training.checkpoints;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a checkpoint store does to the disk, one instant at a time: where a crash can fall between.
 */
interface FileOperations {

  /** Creates a directory and those above it; nothing happens when it is there. */
  void createDirectories(Path directory) throws IOException;

  /** Writes a whole file. */
  void write(Path file, byte[] content) throws IOException;

  /** Waits until a file or a directory's entries are on the disk. */
  void force(Path path) throws IOException;

  /** Renames a directory to a name that is free. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a directory with all in it; nothing happens when it is not there. */
  void deleteTree(Path directory) throws IOException;
}
