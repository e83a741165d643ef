package org.imageperformer.tools.authors;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.OneLine;

/**
 * The newest checkpoint of a run, or the one that the user names.
 *
 * <p>The newest has the highest epoch, then step, inside; of equal ones the highest in its name, if
 * Lightning named it ({@code epoch=9-step=99.ckpt}, with {@code -v1} for a second one of that
 * name), else the last by name. If no file says an epoch inside, the names decide. Times of files
 * do not: those of copies say nothing.
 */
record CheckpointChoice(Path file, CheckpointRule rule) {
  private static final Pattern LIGHTNING_NAME =
      Pattern.compile("epoch=(\\d{1,18})(?:-step=(\\d{1,18}))?(?:-v(\\d{1,18}))?\\.ckpt");

  private static final String FOLDER = "checkpoints";
  private static final String NAME_ONE = "--checkpoint FILE names the one to import";

  /** What a file says of its age. Numbers that are missing are -1. */
  private record Age(Path file, long epoch, long step, List<Long> inName) {
    private static final List<Long> UNNAMED = List.of(-1L, -1L, -1L);

    private static final Comparator<Age> BY_NAME =
        Comparator.<Age>comparingLong(age -> age.inName.get(0))
            .thenComparingLong(age -> age.inName.get(1))
            .thenComparingLong(age -> age.inName.get(2))
            .thenComparing(Age::file);

    private static final Comparator<Age> BY_CONTENT =
        Comparator.comparingLong(Age::epoch).thenComparingLong(Age::step).thenComparing(BY_NAME);

    static Age of(Path file, ReadLimits limits) {
      Checkpoint.Outline outline;
      try {
        outline = Checkpoint.Outline.read(file, limits);
      } catch (AuthorsRunException e) {
        throw new AuthorsRunException(
            e.getMessage() + "; it cannot be compared with the others: " + NAME_ONE, e);
      }
      Matcher name = LIGHTNING_NAME.matcher(file.getFileName().toString());
      List<Long> inName =
          name.matches()
              ? Stream.of(1, 2, 3).map(group -> number(name.group(group))).toList()
              : UNNAMED;
      return new Age(file, orMinusOne(outline.epoch()), orMinusOne(outline.globalStep()), inName);
    }

    private static long number(String digits) {
      return digits == null ? -1 : Long.parseLong(digits);
    }

    private static long orMinusOne(OptionalLong number) {
      return number.orElse(-1);
    }

    boolean isAsNewInside(Age other) {
      return epoch == other.epoch && step == other.step;
    }

    boolean isNamed() {
      return !inName.equals(UNNAMED);
    }
  }

  /**
   * Chooses among the files {@code checkpoints/*.ckpt} of a run, or {@code *.ckpt} where it has no
   * such folder.
   *
   * @throws AuthorsRunException if there is none, or none can be told to be the newest
   */
  static CheckpointChoice of(Path run, ReadLimits limits) {
    Path folder = run.resolve(FOLDER);
    boolean isThere = Files.isDirectory(folder);
    try {
      List<Path> files = files(isThere ? folder : run);
      if (files.isEmpty()) {
        throw new AuthorsRunException(
            isThere
                ? folder + ": no file *.ckpt; nothing to import"
                : run
                    + ": no folder checkpoints; expected checkpoints/*.ckpt as PyTorch Lightning"
                    + " writes");
      }
      return newest(files, limits);
    } catch (IOException | DirectoryIteratorException e) {
      throw new AuthorsRunException(folder + ": cannot be read: " + OneLine.reason(e), e);
    }
  }

  /**
   * The file that the user names: its path, or that within the run.
   *
   * @throws AuthorsRunException if there is no such file
   */
  static CheckpointChoice given(Path run, Path name) {
    return Stream.of(name, run.resolve(FOLDER).resolve(name), run.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(file -> new CheckpointChoice(file, CheckpointRule.GIVEN))
        .orElseThrow(
            () ->
                new AuthorsRunException(
                    name + ": no such file, neither here nor in " + run.resolve(FOLDER)));
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.ckpt")) {
      entries.forEach(files::add);
    }
    files.removeIf(file -> !Files.isRegularFile(file));
    // What macOS and others leave beside a file under a hidden name is no checkpoint.
    files.removeIf(file -> file.getFileName().toString().startsWith("."));
    Collections.sort(files);
    return files;
  }

  private static CheckpointChoice newest(List<Path> files, ReadLimits limits) {
    if (files.size() == 1) {
      return new CheckpointChoice(files.get(0), CheckpointRule.ONLY_ONE);
    }
    List<Age> ages = files.stream().map(file -> Age.of(file, limits)).toList();
    if (ages.stream().allMatch(age -> age.epoch() >= 0)) {
      Age newest = Collections.max(ages, Age.BY_CONTENT);
      boolean alone = ages.stream().filter(newest::isAsNewInside).count() == 1;
      return new CheckpointChoice(
          newest.file(), alone ? CheckpointRule.INSIDE : CheckpointRule.INSIDE_OF_EQUALS);
    }
    if (ages.stream().allMatch(age -> age.epoch() < 0 && age.isNamed())) {
      return new CheckpointChoice(Collections.max(ages, Age.BY_NAME).file(), CheckpointRule.NAME);
    }
    Optional<Age> silent = ages.stream().filter(age -> age.epoch() < 0).findFirst();
    throw new AuthorsRunException(
        silent.orElseThrow().file()
            + ": says no epoch inside, so which of "
            + files.size()
            + " checkpoints is the newest cannot be known: "
            + NAME_ONE);
  }
}
