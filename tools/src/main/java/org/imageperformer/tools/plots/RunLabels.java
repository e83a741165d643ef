package org.imageperformer.tools.plots;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** Short names for runs, to be read in a legend. */
public final class RunLabels {
  private RunLabels() {}

  /**
   * Shortens the paths of runs by the folders that all of them share, so that every run keeps at
   * least its last name. When two files speak of runs of the same name, all get the file's as well.
   *
   * @param runs path of each run, as written
   * @param files the file that each comes from, parallel to the runs
   * @return as many labels, all different if the pairs of run and file are
   */
  public static List<String> of(List<String> runs, List<Path> files) {
    List<String> labels = withoutSharedFolders(runs);
    boolean repeated = new HashSet<>(labels).size() < labels.size();
    if (!repeated) {
      return labels;
    }
    List<String> names = withoutSharedFolders(files.stream().map(Path::toString).toList());
    return IntStream.range(0, labels.size())
        .mapToObj(i -> labels.get(i) + " (" + withoutSuffix(names.get(i)) + ")")
        .toList();
  }

  private static List<String> withoutSharedFolders(List<String> paths) {
    List<List<String>> parts = paths.stream().map(RunLabels::parts).toList();
    int shared = 0;
    while (allShare(parts, shared)) {
      shared++;
    }
    int from = shared;
    return IntStream.range(0, paths.size())
        .mapToObj(
            i -> {
              List<String> names = parts.get(i);
              String label = String.join("/", names.subList(from, names.size()));
              return label.isEmpty() ? named(paths.get(i)) : label;
            })
        .toList();
  }

  /** What a legend can show of a path without a name: the root, or nothing in a damaged table. */
  private static String named(String path) {
    return path.isEmpty() ? "(no name)" : path;
  }

  private static List<String> parts(String path) {
    List<String> parts = new ArrayList<>(List.of(path.split("/+")));
    parts.removeIf(part -> part.equals("."));
    return parts.isEmpty() ? List.of(path) : parts;
  }

  /** Whether all have the same folder at a position, and something below it. */
  private static boolean allShare(List<List<String>> paths, int position) {
    return paths.stream()
        .allMatch(
            path ->
                path.size() > position + 1
                    && path.get(position).equals(paths.get(0).get(position)));
  }

  private static String withoutSuffix(String name) {
    return name.endsWith(".csv") ? name.substring(0, name.length() - ".csv".length()) : name;
  }
}
