package org.imageperformer.serve.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;

/**
 * A model to be served: a SavedModel, a run with one, or a folder with numbered versions of them.
 *
 * @param name in the addresses
 * @param path of the folder
 */
public record ModelFolder(String name, Path path) {
  /** The version of a model that has no numbered ones. */
  private static final long ONLY = 1;

  private static final Pattern NAMED = Pattern.compile("([^/:=]+)=(.+)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** Checks the name. */
  public ModelFolder {
    if (!name.matches("[\\w.-]+")) {
      throw new IllegalArgumentException(
          "a model cannot be called %s: expected letters, digits, dots, hyphens and underscores;"
                  .formatted(OneLine.quoted(name))
              + " NAME=DIR gives it another name");
    }
  }

  /**
   * Reads the arguments for models that are served together.
   *
   * @param arguments each as in {@link #parse}
   * @throws IllegalArgumentException when one is wrong, or two have the same name
   */
  public static List<ModelFolder> parseAll(List<String> arguments) {
    Map<String, ModelFolder> folders = new LinkedHashMap<>();
    for (String argument : arguments) {
      ModelFolder folder = parse(argument);
      ModelFolder before = folders.putIfAbsent(folder.name(), folder);
      if (before != null) {
        throw new IllegalArgumentException(
            "two models are called %s, %s and %s; NAME=DIR gives one of them another name"
                .formatted(folder.name(), before.path(), folder.path()));
      }
    }
    return List.copyOf(folders.values());
  }

  /**
   * Reads an argument.
   *
   * @param argument {@code NAME=DIR}, or {@code DIR} for the name of the folder, or, if that is
   *     called saved_model, of the one it is in
   * @throws IllegalArgumentException when it names no folder, or has no usable name
   */
  static ModelFolder parse(String argument) {
    Matcher named = NAMED.matcher(argument);
    try {
      if (named.matches() && !Files.exists(Path.of(argument))) {
        return new ModelFolder(named.group(1), Path.of(named.group(2)));
      }
      Path path = Path.of(argument);
      Path folder = path.toAbsolutePath().normalize();
      if (folder.endsWith("saved_model") && folder.getNameCount() > 1) {
        folder = folder.getParent();
      }
      if (folder.getFileName() == null) {
        throw new IllegalArgumentException(argument + " has no name; NAME=DIR gives it one");
      }
      return new ModelFolder(folder.getFileName().toString(), path);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(OneLine.quoted(argument) + " is no name of a folder", e);
    }
  }

  /**
   * Returns the versions that are there now, by number. Those without a SavedModel are left out.
   *
   * @throws RunException when the folder cannot be read
   */
  public NavigableMap<Long, Path> versions() {
    if (SavedModel.isPresent(path)) {
      return new TreeMap<>(Map.of(ONLY, path));
    }
    NavigableMap<Long, Path> versions = new TreeMap<>();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String number = entry.getFileName().toString();
        if (NUMBER.matcher(number).matches() && SavedModel.isPresent(entry)) {
          versions.put(Long.parseLong(number), entry);
        }
      }
    } catch (IOException e) {
      throw new RunException("cannot read " + path + ": " + OneLine.reason(e, path), e);
    }
    return versions;
  }
}
