package org.imageperformer.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.AtomicFiles;

/** The files of a SavedModel in memory, on their way to where there is no such folder. */
final class ModelFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String id = UUID.randomUUID().toString();
  private final LinkedHashMap<String, byte[]> contents = new LinkedHashMap<>();

  private ModelFiles() {}

  /** Reads all files of a folder. */
  static ModelFiles read(Path folder) {
    ModelFiles files = new ModelFiles();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.contents.put(
            folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** What tells this model from all others. */
  String id() {
    return id;
  }

  /** Writes the files below a folder. */
  void write(Path folder) {
    try {
      for (Map.Entry<String, byte[]> file : contents.entrySet()) {
        Path path = folder.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a folder with all that is in it. */
  static void delete(Path folder) {
    try {
      AtomicFiles.deleteTree(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
