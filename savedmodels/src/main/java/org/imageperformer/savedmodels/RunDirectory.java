package org.imageperformer.savedmodels;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of a run, {@code <log_path>/<exp_name>/<version>} (cli.md, "A run directory"). */
public final class RunDirectory {

  private static final Pattern NUMBERED = Pattern.compile("version_(\\d{1,9})");
  private static final String HPARAMS = "hparams.json";

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /**
   * Creates the folder of a new run, with an empty folder for checkpoints. Of several processes
   * that do so at the same moment each gets its own.
   *
   * @param logPath the folder of all experiments, created when missing
   * @param expName the experiment
   * @param version the run's name; empty for {@code version_X} with the next free number
   * @return the new run
   * @throws RunException when the version exists, a name cannot be a folder's, or the folder cannot
   *     be made; nothing is left behind then
   */
  public static RunDirectory create(Path logPath, String expName, Optional<String> version) {
    Path experiment = child(logPath, "exp_name", expName);
    version.ifPresent(name -> child(experiment, "version", name));
    Deque<Path> created = new ArrayDeque<>();
    try {
      createAll(experiment, created);
      Path run =
          version.isPresent()
              ? createNamed(experiment.resolve(version.get()))
              : createNumbered(experiment);
      created.push(run);
      Path checkpoints = run.resolve("checkpoints");
      Files.createDirectory(checkpoints);
      return new RunDirectory(run);
    } catch (IOException e) {
      removeEmpty(created);
      throw RunException.cannot("create a run in", experiment, e);
    } catch (RunException e) {
      removeEmpty(created);
      throw e;
    }
  }

  /**
   * Returns the run.
   *
   * @param path a run's folder
   * @throws RunException when the path is no folder, or has no hparams.json
   */
  public static RunDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new RunException(
          path + " is no run directory: " + (Files.exists(path) ? "it is a file" : "not found"));
    }
    if (!Files.isRegularFile(path.resolve(HPARAMS))) {
      throw new RunException(path + " is no run directory: it has no " + HPARAMS);
    }
    return new RunDirectory(path);
  }

  /**
   * Returns the run of which a file is one of its own: what its training wrote and what everything
   * that is known of it comes from.
   *
   * @param file need not exist; links to it are followed
   * @return the run; empty for any other file
   * @throws RunException when links cannot be followed
   */
  public static Optional<RunDirectory> owner(Path file) {
    Path absolute = FollowedPath.of(file);
    for (Path run = absolute.getParent(); run != null; run = run.getParent()) {
      if (Files.isRegularFile(run.resolve(HPARAMS))) {
        RunDirectory directory = new RunDirectory(run);
        String name = absolute.getFileName().toString();
        boolean own =
            absolute.equals(directory.hparams())
                || absolute.equals(directory.metrics())
                || absolute.equals(directory.results())
                || absolute.startsWith(directory.checkpoints())
                || absolute.startsWith(directory.savedModel())
                || (absolute.getParent().equals(run) && name.startsWith("events.out.tfevents"));
        if (own) {
          return Optional.of(directory);
        }
      }
    }
    return Optional.empty();
  }

  private static Path child(Path parent, String option, String name) {
    String problem = null;
    if (name.isBlank()) {
      problem = "it is empty";
    } else if (name.contains("/") || name.contains("\\")) {
      problem = "a folder's name has no slashes";
    } else if (name.equals(".") || name.equals("..")) {
      problem = "it is not a folder's own name";
    }
    if (problem == null) {
      try {
        return parent.resolve(name);
      } catch (InvalidPathException e) {
        problem = "it is no name for a folder";
      }
    }
    throw new RunException(option + " \"" + name + "\" cannot be used: " + problem);
  }

  private static void createAll(Path directory, Deque<Path> created) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path folder = directory.toAbsolutePath();
    while (folder != null && !Files.exists(folder)) {
      missing.push(folder);
      folder = folder.getParent();
    }
    for (Path next : missing) {
      try {
        Files.createDirectory(next);
        created.push(next);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(next)) {
          throw e;
        }
      }
    }
  }

  private static Path createNamed(Path run) throws IOException {
    try {
      return Files.createDirectory(run);
    } catch (FileAlreadyExistsException e) {
      throw new RunException(
          run
              + " exists already: choose another --version, or go on with it by train --resume "
              + run,
          e);
    }
  }

  private static Path createNumbered(Path experiment) throws IOException {
    int number = 0;
    try (Stream<Path> entries = Files.list(experiment)) {
      number =
          entries
              .map(entry -> NUMBERED.matcher(entry.getFileName().toString()))
              .filter(Matcher::matches)
              .mapToInt(matcher -> Integer.parseInt(matcher.group(1)) + 1)
              .max()
              .orElse(0);
    }
    while (true) {
      try {
        return Files.createDirectory(experiment.resolve("version_" + number));
      } catch (FileAlreadyExistsException e) {
        number = Math.addExact(number, 1);
      }
    }
  }

  /** Removes what was made, innermost first; what another process has put something into stays. */
  private static void removeEmpty(Deque<Path> created) {
    for (Path folder : created) {
      try {
        Files.deleteIfExists(folder.resolve("checkpoints"));
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        return;
      }
    }
  }

  /**
   * Removes a run that never began: one without hparams.json and with nothing in its folders. Any
   * other run is left as it is.
   *
   * @return whether it was removed
   */
  public boolean removeIfEmpty() {
    try {
      if (Files.exists(hparams())) {
        return false;
      }
      Files.deleteIfExists(path.resolve(".lock"));
      Files.deleteIfExists(checkpoints());
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Removes what a process that was killed had begun to write aside. For those who hold the lock.
   *
   * @throws RunException when it cannot be removed
   */
  public void removeUnfinished() {
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.filter(AtomicFiles::isAside).toList()) {
        AtomicFiles.deleteTree(entry);
      }
    } catch (IOException e) {
      throw RunException.cannot("clear", path, e);
    }
  }

  /** Returns the run's folder. */
  public Path path() {
    return path;
  }

  /** Returns hparams.json. */
  public Path hparams() {
    return path.resolve(HPARAMS);
  }

  /** Returns metrics.csv. */
  public Path metrics() {
    return path.resolve("metrics.csv");
  }

  /** Returns the folder of the checkpoints. */
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** Returns the folder of the exported SavedModel. */
  public Path savedModel() {
    return path.resolve("saved_model");
  }

  /** Returns results.json. */
  public Path results() {
    return path.resolve("results.json");
  }

  /**
   * Takes the run for this process, until the lock is closed or the process ends.
   *
   * @return the lock, to be closed
   * @throws RunException when another process, or this one, has it; or the folder cannot be written
   */
  public RunLock lock() {
    return RunLock.acquire(path);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
