package org.imageperformer.eval;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.imageperformer.datasets.files.Hidden;
import org.imageperformer.savedmodels.OneLine;

/**
 * Finds runs, by their hparams.json, below a folder. Symbolic links are followed; a folder that is
 * reached several times, or from within itself, is looked into once. What is hidden below the
 * folder, as what was thrown away is, is not looked into.
 */
final class RunFinder {

  private final EvalListener listener;

  RunFinder(EvalListener listener) {
    this.listener = listener;
  }

  /** The folders of all runs, by name; the folder itself may be one. */
  List<Path> find(Path root) {
    if (!Files.isDirectory(root)) {
      throw new EvalException(
          "cannot look for runs below %s: %s"
              .formatted(root, Files.exists(root) ? "it is a file" : "there is no such folder"));
    }
    List<Path> runs = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    // Links come after all folders, so that a run is known by its own name where it has one here.
    Deque<Path> folders = new ArrayDeque<>(List.of(root));
    Deque<Path> links = new ArrayDeque<>();
    while (!folders.isEmpty() || !links.isEmpty()) {
      Path folder = folders.isEmpty() ? links.poll() : folders.poll();
      try {
        if (seen.add(folder.toRealPath())) {
          if (Files.isRegularFile(folder.resolve("hparams.json"))) {
            runs.add(folder);
          }
          addChildren(folder, folders, links);
        }
      } catch (IOException e) {
        listener.skipped(folder, "the folder cannot be read: " + OneLine.reason(e, folder));
      }
    }
    runs.sort(Comparator.naturalOrder());
    return runs;
  }

  private static void addChildren(Path folder, Deque<Path> folders, Deque<Path> links)
      throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            folder, entry -> !Hidden.isHidden(entry) && Files.isDirectory(entry))) {
      entries.forEach(children::add);
    }
    children.sort(Comparator.naturalOrder());
    for (Path child : children) {
      (Files.isSymbolicLink(child) ? links : folders).add(child);
    }
  }
}
