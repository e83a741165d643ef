package org.imageperformer.training.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The disk of a process that dies at a given operation, in the middle of it where it has one. */
public final class CrashingDisk implements FileOperations {

  /** The process is gone: nothing after it happens. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final FileOperations disk = new DiskOperations();
  private int left;

  private CrashingDisk(int operations) {
    left = operations;
  }

  /** A store whose process dies at the operation of that number, from 0. */
  public static CheckpointStore store(Path directory, int operations) {
    return new CheckpointStore(directory, new CrashingDisk(operations));
  }

  private boolean dies() {
    if (left < 0) {
      throw new Crash();
    }
    return left-- == 0;
  }

  private static void dieIf(boolean dies) {
    if (dies) {
      throw new Crash();
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    dieIf(dies());
    disk.createDirectories(directory);
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    if (dies()) {
      disk.write(file, Arrays.copyOf(content, content.length / 2));
      throw new Crash();
    }
    disk.write(file, content);
  }

  @Override
  public void force(Path path) throws IOException {
    dieIf(dies());
    disk.force(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    dieIf(dies());
    disk.rename(from, to);
  }

  @Override
  public void deleteTree(Path directory) throws IOException {
    if (dies()) {
      deleteOneFile(directory);
      throw new Crash();
    }
    disk.deleteTree(directory);
  }

  private static void deleteOneFile(Path directory) throws IOException {
    if (Files.exists(directory)) {
      List<Path> files;
      try (Stream<Path> entries = Files.list(directory)) {
        files = entries.sorted().toList();
      }
      if (!files.isEmpty()) {
        Files.delete(files.get(0));
      }
    }
  }
}
