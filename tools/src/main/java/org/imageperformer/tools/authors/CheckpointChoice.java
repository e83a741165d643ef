package org.imageperformer.tools.authors;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.savedmodels.OneLine;

/**
 * The newest checkpoint of a run.
 *
 * <p>If all are named as Lightning names them ({@code epoch=9-step=99.ckpt}, with {@code -v1} for a
 * second one of that name), the highest epoch, then step, then version is the newest, compared as
 * numbers. Otherwise the one modified last, and of several such the last by name.
 */
record CheckpointChoice(Path file, CheckpointRule rule) {
  private static final Pattern LIGHTNING_NAME =
      Pattern.compile("epoch=(\\d{1,18})(?:-step=(\\d{1,18}))?(?:-v(\\d{1,18}))?\\.ckpt");

  /** Files as named by Lightning, oldest first. */
  private record Numbered(Path file, long epoch, long step, long version) {
    static Optional<Numbered> of(Path file) {
      Matcher name = LIGHTNING_NAME.matcher(file.getFileName().toString());
      return name.matches()
          ? Optional.of(
              new Numbered(
                  file, number(name.group(1)), number(name.group(2)), number(name.group(3))))
          : Optional.empty();
    }

    private static long number(String digits) {
      return digits == null ? -1 : Long.parseLong(digits);
    }
  }

  private record Dated(Path file, FileTime modified) {}

  /**
   * Chooses among the files {@code checkpoints/*.ckpt} of a run.
   *
   * @throws AuthorsRunException if there is none
   */
  static CheckpointChoice of(Path run) {
    Path folder = run.resolve("checkpoints");
    if (!Files.isDirectory(folder)) {
      throw new AuthorsRunException(
          run + ": no folder checkpoints; expected checkpoints/*.ckpt as PyTorch Lightning writes");
    }
    try {
      return newest(files(folder))
          .orElseThrow(
              () -> new AuthorsRunException(folder + ": no file *.ckpt; nothing to import"));
    } catch (IOException | DirectoryIteratorException e) {
      throw new AuthorsRunException(folder + ": cannot be read: " + OneLine.reason(e), e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.ckpt")) {
      entries.forEach(files::add);
    }
    files.removeIf(file -> !Files.isRegularFile(file));
    // What macOS and others leave beside a file under a hidden name is no checkpoint.
    files.removeIf(file -> file.getFileName().toString().startsWith("."));
    return files;
  }

  private static Optional<CheckpointChoice> newest(List<Path> files) throws IOException {
    if (files.size() == 1) {
      return Optional.of(new CheckpointChoice(files.get(0), CheckpointRule.ONLY_ONE));
    }
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<Numbered> numbered = files.stream().map(Numbered::of).flatMap(Optional::stream).toList();
    if (numbered.size() == files.size()) {
      Numbered newest =
          Collections.max(
              numbered,
              Comparator.comparingLong(Numbered::epoch)
                  .thenComparingLong(Numbered::step)
                  .thenComparingLong(Numbered::version));
      return Optional.of(new CheckpointChoice(newest.file(), CheckpointRule.NAME));
    }
    List<Dated> dated = new ArrayList<>();
    for (Path file : files) {
      dated.add(new Dated(file, Files.getLastModifiedTime(file)));
    }
    Dated newest =
        Collections.max(dated, Comparator.comparing(Dated::modified).thenComparing(Dated::file));
    return Optional.of(new CheckpointChoice(newest.file(), CheckpointRule.MODIFICATION_TIME));
  }
}
