package org.imageperformer.datasets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link Datasets} promises, with the places outside the data path given. */
final class DatasetLoader {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetLoader.class);
  private static final int MAX_IMAGE_SIZE = 1024;
  private static final String WITHOUT_NETWORK =
      "Without a network: MNISTSample and FashionMNISTSample need no files, and FashionMNIST is in"
          + " Debian's package dataset-fashion-mnist.";

  private final Path debianFolder;
  private final Originals originals;
  private final Downloader downloader;

  DatasetLoader(Path debianFolder, Originals originals, Downloader downloader) {
    this.debianFolder = debianFolder;
    this.originals = originals;
    this.downloader = downloader;
  }

  static DatasetLoader usual() {
    return new DatasetLoader(
        Path.of("/usr/share/datasets/fashion-mnist"),
        Originals.published(),
        new Downloader(Downloader.Limits.usual()));
  }

  Dataset load(DatasetName name, Path dataPath, int imageSize, DownloadListener listener) {
    checkImageSize(imageSize);
    Optional<Dataset> found = find(name, dataPath, imageSize);
    if (found.isPresent()) {
      return found.get();
    }
    download(name, dataPath, listener);
    return find(name, dataPath, imageSize).orElseThrow(() -> absent(name, dataPath));
  }

  Dataset loadOffline(DatasetName name, Path dataPath, int imageSize) {
    checkImageSize(imageSize);
    return find(name, dataPath, imageSize).orElseThrow(() -> absent(name, dataPath));
  }

  Path download(DatasetName name, Path dataPath, DownloadListener listener) {
    List<RemoteFile> files = originals.of(name);
    if (files.isEmpty()) {
      throw new DatasetException(name.label() + " ships with the program: nothing to download.");
    }
    Path folder = dataPath.resolve(name.label());
    if (name == DatasetName.CIFAR10) {
      Optional<Path> place = CifarPlace.find(folder);
      if (place.isPresent()) {
        return place.get();
      }
    } else {
      IdxFolder present = userFolder(name, dataPath);
      if (present.complete()) {
        return present.folder();
      }
      checkOriginal(name, present);
      folder = present.folder();
      files = files.stream().filter(file -> present.missing().contains(file.name())).toList();
    }
    try {
      downloader.fetch(files, folder, listener);
      return folder;
    } catch (DownloadFailedException e) {
      throw new DatasetException(
          name.label()
              + " could not be downloaded to "
              + folder
              + ". "
              + e.file()
              + ": "
              + String.join("; ", e.reasons())
              + ". "
              + putThere(name, folder, files.stream().map(RemoteFile::name).toList()),
          e);
    }
  }

  List<Availability> status(Path dataPath) {
    List<Availability> all = new ArrayList<>();
    for (DatasetName name : DatasetName.values()) {
      all.add(
          switch (name) {
            case MNIST, FASHION_MNIST -> idxStatus(name, dataPath);
            case CIFAR10 -> cifarStatus(dataPath.resolve(name.label()));
            case MNIST_SAMPLE, FASHION_MNIST_SAMPLE ->
                new Availability(
                    name,
                    Availability.Place.SHIPPED,
                    SampleFiles.location(name),
                    "5000 training and 1000 test images");
          });
    }
    return all;
  }

  private Availability idxStatus(DatasetName name, Path dataPath) {
    IdxFolder user = userFolder(name, dataPath);
    if (user.complete()) {
      return new Availability(
          name, Availability.Place.DATA_PATH, user.folder().toString(), "4 files");
    }
    if (name == DatasetName.FASHION_MNIST && IdxFolder.in(debianFolder).complete()) {
      return new Availability(
          name, Availability.Place.DEBIAN_PACKAGE, debianFolder.toString(), "4 files");
    }
    return new Availability(
        name,
        Availability.Place.ABSENT,
        user.folder().toString(),
        "missing " + String.join(", ", user.missing()));
  }

  private static Availability cifarStatus(Path folder) {
    Optional<Path> place;
    try {
      place = CifarPlace.find(folder);
    } catch (DatasetException e) {
      return new Availability(
          DatasetName.CIFAR10, Availability.Place.ABSENT, folder.toString(), e.getMessage());
    }
    if (place.isEmpty()) {
      return new Availability(
          DatasetName.CIFAR10,
          Availability.Place.ABSENT,
          folder.toString(),
          "missing " + CifarPlace.ARCHIVE);
    }
    List<String> missing =
        Files.isDirectory(place.get()) ? CifarDataset.missingIn(place.get()) : List.of();
    return missing.isEmpty()
        ? new Availability(
            DatasetName.CIFAR10,
            Availability.Place.DATA_PATH,
            place.get().toString(),
            Files.isDirectory(place.get()) ? "6 files" : "1 archive")
        : new Availability(
            DatasetName.CIFAR10,
            Availability.Place.ABSENT,
            place.get().toString(),
            "missing " + String.join(", ", missing));
  }

  private Optional<Dataset> find(DatasetName name, Path dataPath, int imageSize) {
    return switch (name) {
      case MNIST, FASHION_MNIST -> findIdx(name, dataPath, imageSize);
      case CIFAR10 -> findCifar(dataPath, imageSize);
      case MNIST_SAMPLE, FASHION_MNIST_SAMPLE ->
          Optional.of(new IdxDataset(name, part -> SampleFiles.open(name, part), imageSize).read());
    };
  }

  private Optional<Dataset> findIdx(DatasetName name, Path dataPath, int imageSize) {
    IdxFolder user = userFolder(name, dataPath);
    if (user.complete()) {
      Dataset dataset = read(name, user, imageSize);
      warnOfDifferences(dataset);
      return Optional.of(dataset);
    }
    IdxFolder debian = IdxFolder.in(debianFolder);
    if (name == DatasetName.FASHION_MNIST && debian.complete()) {
      if (!user.present().isEmpty()) {
        LOG.warn("{} lacks {}: using {} instead", user.folder(), user.missing(), debian.folder());
      }
      return Optional.of(read(name, debian, imageSize));
    }
    return Optional.empty();
  }

  private static Dataset read(DatasetName name, IdxFolder folder, int imageSize) {
    return new IdxDataset(name, part -> ContentStream.open(folder.present().get(part)), imageSize)
        .read();
  }

  private Optional<Dataset> findCifar(Path dataPath, int imageSize) {
    Optional<Path> place = CifarPlace.find(dataPath.resolve(DatasetName.CIFAR10.label()));
    if (place.isEmpty()) {
      return Optional.empty();
    }
    if (Files.isDirectory(place.get())) {
      return Optional.of(CifarDataset.readFolder(place.get(), imageSize));
    }
    CifarArchive.Content content = CifarArchive.read(place.get(), imageSize);
    for (RemoteFile original : originals.of(DatasetName.CIFAR10)) {
      warnIfDifferent(place.get().toString(), content.archiveMd5(), original.md5());
    }
    return Optional.of(content.dataset());
  }

  /** The user's folder of a data set: the first that is complete, else the first with any file. */
  private static IdxFolder userFolder(DatasetName name, Path dataPath) {
    Path folder = dataPath.resolve(name.label());
    IdxFolder flat = IdxFolder.in(folder);
    IdxFolder raw = IdxFolder.in(folder.resolve("raw"));
    boolean preferRaw = raw.complete() || (flat.present().isEmpty() && !raw.present().isEmpty());
    return preferRaw && !flat.complete() ? raw : flat;
  }

  private void warnOfDifferences(Dataset dataset) {
    Map<String, String> published = publishedMd5(dataset.name());
    for (SourceFile source : dataset.sources()) {
      warnIfDifferent(source.location(), source.md5(), published.get(source.name() + ".gz"));
    }
  }

  private static void warnIfDifferent(String file, String found, String published) {
    if (published != null && !published.equals(found)) {
      LOG.warn(
          "{} is not the published file (MD5 {} instead of {}): used as it is",
          file,
          found,
          published);
    }
  }

  private Map<String, String> publishedMd5(DatasetName name) {
    return originals.of(name).stream().collect(Collectors.toMap(RemoteFile::name, RemoteFile::md5));
  }

  /** A user's own files must not be completed with published ones. */
  private void checkOriginal(DatasetName name, IdxFolder folder) {
    Map<String, String> published = publishedMd5(name);
    folder
        .present()
        .forEach(
            (part, path) -> {
              try (ContentStream in = ContentStream.open(path)) {
                String md5 = in.readToEnd(PixelCollector.MAX_BYTES);
                if (!md5.equals(published.get(part.gzipName()))) {
                  throw new DatasetException(
                      folder.folder()
                          + ": lacks "
                          + String.join(", ", folder.missing())
                          + ", and "
                          + path.getFileName()
                          + " is not the published file (MD5 "
                          + md5
                          + "), so the download would not fit to it. Add your own files or move it"
                          + " away.");
                }
              }
            });
  }

  private DatasetException absent(DatasetName name, Path dataPath) {
    Path folder = dataPath.resolve(name.label());
    List<String> missing =
        name == DatasetName.CIFAR10
            ? List.of(CifarPlace.ARCHIVE)
            : userFolder(name, dataPath).missing();
    if (name != DatasetName.CIFAR10) {
      folder = userFolder(name, dataPath).folder();
    }
    return new DatasetException(
        name.label() + " is not on this machine. " + putThere(name, folder, missing));
  }

  private static String putThere(DatasetName name, Path folder, List<String> files) {
    return "Put "
        + String.join(", ", files)
        + (name == DatasetName.CIFAR10
            ? " (or the unpacked folder " + CifarDataset.FOLDER + ")"
            : " (gzip or unpacked)")
        + " into "
        + folder
        + ". "
        + WITHOUT_NETWORK;
  }

  private static void checkImageSize(int imageSize) {
    if (imageSize < 1 || imageSize > MAX_IMAGE_SIZE) {
      throw new IllegalArgumentException(
          "An image size of " + imageSize + ": expected 1 to " + MAX_IMAGE_SIZE + ".");
    }
  }
}
