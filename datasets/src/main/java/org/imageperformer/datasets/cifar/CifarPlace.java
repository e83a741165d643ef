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
import org.imageperformer.datasets.files.DataFolders;
import org.imageperformer.datasets.files.Hidden;

/** Finds CIFAR-10 below a data path: the unpacked folder, or else the archive. */
final class CifarPlace {
  static final String ARCHIVE = "cifar-10-binary.tar.gz";

  private static final List<String> PYTHON =
      List.of("cifar-10-batches-py", "cifar-10-python.tar.gz", "data_batch_1");

  private CifarPlace() {}

  /**
   * The folder of unpacked files or the archive to read: in the data set's folder below the data
   * path, or in the data path itself.
   *
   * @throws DatasetException if several archives leave a choice, naming them; or if what is there
   *     is another version of the data set
   */
  static Optional<Path> find(Path dataPath, String name) {
    for (Path folder : DataFolders.named(dataPath, name)) {
      Optional<Path> place = unpacked(folder).or(() -> archive(folder));
      if (place.isPresent()) {
        return place;
      }
    }
    Optional<Path> direct = unpacked(dataPath);
    if (direct.isPresent()) {
      return direct;
    }
    if (Files.exists(dataPath.resolve(ARCHIVE))) {
      return Optional.of(dataPath.resolve(ARCHIVE));
    }
    refusePythonVersion(dataPath, name);
    return Optional.empty();
  }

  /** The six files in a folder of theirs, or lying there alone. */
  private static Optional<Path> unpacked(Path folder) {
    Path unpacked = folder.resolve(CifarDataset.FOLDER);
    if (Files.isDirectory(unpacked)
        && (archives(folder).isEmpty() || CifarDataset.missingIn(unpacked).isEmpty())) {
      return Optional.of(unpacked);
    }
    boolean flat =
        CifarDataset.fileNames().stream().anyMatch(file -> Files.exists(folder.resolve(file)));
    return flat ? Optional.of(folder) : Optional.empty();
  }

  private static Optional<Path> archive(Path folder) {
    List<Path> archives = archives(folder);
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

  /** What torchvision and others unpack. */
  private static void refusePythonVersion(Path dataPath, String name) {
    List<Path> folders = new ArrayList<>(DataFolders.named(dataPath, name));
    folders.add(dataPath);
    for (Path folder : folders) {
      for (String found : PYTHON) {
        if (Files.exists(folder.resolve(found))) {
          throw DatasetException.mismatch(
              dataPath.resolve(name).toString(),
              "CIFAR-10's binary version, %s or the folder %s"
                  .formatted(ARCHIVE, CifarDataset.FOLDER),
              "its Python version, " + folder.resolve(found),
              "Use cifar-10-binary.tar.gz instead.");
        }
      }
    }
  }

  private static List<Path> archives(Path folder) {
    List<Path> archives = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.tar.gz")) {
        found.forEach(archives::add);
        // What macOS and others leave beside a file under a hidden name is no data.
        archives.removeIf(Hidden::isHidden);
      } catch (IOException e) {
        throw ContentStream.unreadable(folder.toString(), e);
      }
    }
    archives.sort(null);
    return archives;
  }
}
