package org.imageperformer.datasets.cifar;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.files.ContentStream;

/** Finds CIFAR-10 below a data path: the unpacked folder, or else the archive. */
final class CifarPlace {
  static final String ARCHIVE = "cifar-10-binary.tar.gz";

  private CifarPlace() {}

  /**
   * The folder of unpacked files or the archive to read.
   *
   * @throws DatasetException if several archives leave a choice, naming them
   */
  static Optional<Path> find(Path folder) {
    Path unpacked = folder.resolve(CifarDataset.FOLDER);
    List<Path> archives = archives(folder);
    if (Files.isDirectory(unpacked)
        && (archives.isEmpty() || CifarDataset.missingIn(unpacked).isEmpty())) {
      return Optional.of(unpacked);
    }
    if (archives.contains(folder.resolve(ARCHIVE))) {
      return Optional.of(folder.resolve(ARCHIVE));
    }
    if (archives.size() > 1) {
      List<String> names = archives.stream().map(path -> path.getFileName().toString()).toList();
      throw DatasetException.mismatch(
          folder.toString(),
          "one .tar.gz archive",
          String.join(", ", names),
          "Keep one, or name the one to use " + ARCHIVE + ".");
    }
    return archives.stream().findFirst();
  }

  private static List<Path> archives(Path folder) {
    List<Path> archives = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.tar.gz")) {
        found.forEach(archives::add);
        // What macOS and others leave beside a file under a hidden name is no data.
        archives.removeIf(file -> file.getFileName().toString().startsWith("."));
      } catch (IOException e) {
        throw ContentStream.unreadable(folder.toString(), e);
      }
    }
    archives.sort(null);
    return archives;
  }
}
