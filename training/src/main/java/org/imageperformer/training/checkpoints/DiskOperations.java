package org.imageperformer.training.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.savedmodels.AtomicFiles;

/** The real thing. */
final class DiskOperations implements FileOperations {

  @Override
  public void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    Files.write(file, content);
  }

  @Override
  public void force(Path path) throws IOException {
    AtomicFiles.force(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    AtomicFiles.rename(from, to);
  }

  @Override
  public void deleteTree(Path directory) throws IOException {
    AtomicFiles.deleteTree(directory);
  }
}
