package org.imageperformer.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs and files that are named several times: by relative and absolute paths, by links. */
public final class DistinctPaths {
  private DistinctPaths() {}

  /** Each once, by its first name, however often and in what spelling it is named. */
  public static List<Path> of(List<Path> paths) {
    Map<Path, Path> named = new LinkedHashMap<>();
    for (Path path : paths) {
      Path known;
      try {
        known = path.toRealPath();
      } catch (IOException e) {
        known = path.toAbsolutePath().normalize(); // it will be refused by this name
      }
      named.putIfAbsent(known, path);
    }
    return List.copyOf(named.values());
  }
}
