package org.imageperformer.datasets.files;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Files and folders that nobody means who names the folder they are in. */
public final class Hidden {
  /** Where archives made on macOS keep what is hidden. */
  private static final String MAC_OS = "__MACOSX";

  private Hidden() {}

  /** Whether a file or folder is hidden by its own name, wherever it lies. */
  public static boolean isHidden(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || name.equals(MAC_OS);
  }

  /**
   * Returns the files below a folder, by their paths.
   *
   * @param folder that is looked into even if it is passed over elsewhere
   * @param passedOver files and whole folders that do not count, such as {@link #isHidden}; they
   *     need not be readable
   * @param options whether links are followed
   * @throws IOException if a folder cannot be listed
   */
  public static List<Path> filesBelow(
      Path folder, Predicate<Path> passedOver, Set<FileVisitOption> options) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        options,
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
            return !below.equals(folder) && passedOver.test(below)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!passedOver.test(file) && Files.isRegularFile(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (!file.equals(folder) && passedOver.test(file)) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    found.sort(null);
    return found;
  }
}
