package org.imageperformer.tools.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import org.imageperformer.datasets.files.Hidden;
import org.imageperformer.datasets.pictures.PictureFormat;

/** The picture files that a user means. */
final class InputPaths {
  private static final String WILDCARDS = ".*[*?\\[{].*";

  private InputPaths() {}

  /**
   * Finds picture files.
   *
   * @param words files; folders, in which the files with a picture's name are meant, however deep;
   *     patterns of files. What is hidden in folders, or where a pattern begins, is not meant,
   *     unless the pattern itself has the name of something hidden
   * @return each once, in the order of the words, those of one word by name
   * @throws IllegalArgumentException naming a word that means no file
   */
  static List<Path> find(List<String> words) {
    Set<Path> all = new LinkedHashSet<>();
    for (String word : words) {
      List<Path> found = find(word);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            "input is "
                + word
                + ", but there are no pictures: expected files named as PNG, JPEG, "
                + "BMP, GIF, WebP or PNM are, or a Parquet table named x.parquet");
      }
      all.addAll(found);
    }
    return List.copyOf(all);
  }

  private static List<Path> find(String word) {
    Path path = Path.of(word);
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    if (Files.isDirectory(path)) {
      return files(
          path, file -> PictureFormat.isPicture(file.getFileName().toString()), Hidden::isHidden);
    }
    if (!word.matches(WILDCARDS)) {
      throw new IllegalArgumentException(
          "input is " + word + ", but there is no such file or folder");
    }
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + path);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "input is " + word + ", which is no pattern of files: " + e.getDescription(), e);
    }
    Path start = path;
    while (start != null && start.toString().matches(WILDCARDS)) {
      start = start.getParent();
    }
    Path folder = start == null ? Path.of("") : start;
    boolean hidden =
        IntStream.range(start == null ? 0 : start.getNameCount(), path.getNameCount())
            .mapToObj(path::getName)
            .anyMatch(Hidden::isHidden);
    return Files.isDirectory(folder)
        ? files(folder, matcher::matches, hidden ? file -> false : Hidden::isHidden)
        : List.of();
  }

  private static List<Path> files(Path folder, Predicate<Path> wanted, Predicate<Path> passedOver) {
    try {
      return Hidden.filesBelow(folder, passedOver, Set.of(FileVisitOption.FOLLOW_LINKS)).stream()
          .filter(wanted)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
