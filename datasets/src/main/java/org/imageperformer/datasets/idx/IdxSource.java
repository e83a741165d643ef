package org.imageperformer.datasets.idx;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.fetch.RemoteFile;
import org.imageperformer.datasets.files.ContentStream;
import org.imageperformer.datasets.files.DataFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set in MNIST's format: in {@code DIR/NAME}, in torchvision's {@code DIR/NAME/raw}, perhaps
 * in a folder of Debian's, else published on mirrors.
 */
public class IdxSource implements DatasetSource {
  private static final String NO_DATA = "(?i)(readme|licen[cs]e|copying)\\b.*|.*\\.(md|txt|html?)";

  private final DatasetInfo info;
  private final Published published;
  private final Optional<Path> debianFolder;
  private final ImageStore store;

  /**
   * Makes the source.
   *
   * @param debianFolder a folder outside the data path that may have the files, too
   */
  public IdxSource(
      DatasetInfo info, Published published, Optional<Path> debianFolder, ImageStore store) {
    this.info = info;
    this.published = published;
    this.debianFolder = debianFolder;
    this.store = store;
  }

  /**
   * Describes the four gzip files of MNIST's sizes on their mirrors.
   *
   * @param mirrors folders, ending in a slash, in the order to try
   * @param md5 of the uncompressed files, images and labels of training, then of test
   * @return the files
   */
  protected static Published published(List<String> mirrors, List<String> md5) {
    List<RemoteFile> files = new ArrayList<>();
    for (IdxPart part : IdxPart.values()) {
      List<URI> uris =
          mirrors.stream().map(mirror -> URI.create(mirror + part.gzipName())).toList();
      files.add(
          RemoteFile.gzip(part.gzipName(), md5.get(files.size()), part.publishedBytes(), uris));
    }
    return new Published(files);
  }

  @Override
  public final String name() {
    return info.name();
  }

  @Override
  public final DatasetInfo info(Path dataPath) {
    return info;
  }

  @Override
  public final Availability status(Path dataPath) {
    IdxFolder user = userFolder(dataPath);
    Optional<IdxFolder> debian = debian();
    if (user.complete()) {
      return availability(Availability.Place.DATA_PATH, user, "4 files");
    }
    return debian.isPresent()
        ? availability(Availability.Place.DEBIAN_PACKAGE, debian.get(), "4 files")
        : availability(
            Availability.Place.ABSENT, user, "missing " + String.join(", ", user.missing()));
  }

  private Availability availability(Availability.Place place, IdxFolder folder, String note) {
    return new Availability(name(), place, folder.folder().toString(), note);
  }

  @Override
  public final Optional<Dataset> read(Path dataPath, int imageSize) {
    IdxFolder user = userFolder(dataPath);
    if (user.complete()) {
      Dataset dataset = read(user, dataPath, imageSize);
      warnOfDifferences(user.folder(), dataset);
      return Optional.of(dataset);
    }
    Optional<IdxFolder> debian = debian();
    if (debian.isPresent() && !user.present().isEmpty()) {
      log()
          .warn(
              "{} lacks {}: using {} instead",
              user.folder(),
              user.missing(),
              debian.get().folder());
    }
    if (debian.isEmpty() && user.present().isEmpty()) {
      refuseNearMisses(dataPath);
    }
    return debian.map(folder -> read(folder, dataPath, imageSize));
  }

  /** What lies there under other names is not to be passed over for a download. */
  private void refuseNearMisses(Path dataPath) {
    String expected = String.join(", ", userFolder(dataPath).missing());
    IdxFolder direct = IdxFolder.in(dataPath);
    if (!direct.present().isEmpty()) {
      throw DatasetException.mismatch(
          dataPath.resolve(name()).toString(),
          expected,
          direct.present().values().stream().map(Path::toString).collect(Collectors.joining(", ")),
          "Move them into %s: all data sets of this format have the same names of files."
              .formatted(dataPath.resolve(name())));
    }
    List<Path> packed =
        DataFolders.packed(dataPath, name()).stream()
            .filter(file -> !file.getFileName().toString().matches(NO_DATA))
            .toList();
    if (!packed.isEmpty()) {
      throw DatasetException.mismatch(
          dataPath.resolve(name()).toString(),
          expected + " (gzip or unpacked)",
          packed.stream().map(Path::toString).collect(Collectors.joining(", ")),
          "Put the four files there, or move the other away to have them downloaded.");
    }
    for (Path folder : folders(dataPath)) {
      List<String> others =
          DataFolders.visible(folder).stream()
              .filter(Files::isRegularFile)
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".part") && !name.matches(NO_DATA))
              .toList();
      if (!others.isEmpty()) {
        throw DatasetException.mismatch(
            folder.toString(),
            expected + " (gzip or unpacked)",
            String.join(", ", others.subList(0, Math.min(others.size(), 10)))
                + (others.size() > 10 ? " and " + (others.size() - 10) + " more" : ""),
            "Put the four files there, or move the others away to have them downloaded.");
      }
    }
  }

  /** Where the files may be: below the data path, or in it if it has the data set's name itself. */
  private List<Path> folders(Path dataPath) {
    List<Path> folders = new ArrayList<>();
    for (Path folder : DataFolders.named(dataPath, name())) {
      folders.add(folder);
      folders.add(folder.resolve("raw"));
    }
    Path own = dataPath.getFileName();
    if (own != null && own.toString().equalsIgnoreCase(name())) {
      folders.add(dataPath);
      folders.add(dataPath.resolve("raw"));
    }
    return folders;
  }

  private Dataset read(IdxFolder folder, Path dataPath, int imageSize) {
    return new IdxDataset(info, part -> ContentStream.open(folder.present().get(part)))
        .read(store, dataPath, imageSize);
  }

  @Override
  public final String remedy(Path dataPath) {
    IdxFolder user = userFolder(dataPath);
    return Published.putThere(user.missing(), "gzip or unpacked", user.folder());
  }

  @Override
  public final Path download(Path dataPath, DownloadListener listener) {
    IdxFolder present = userFolder(dataPath);
    if (present.complete()) {
      return present.folder();
    }
    checkOriginal(present);
    return published.fetch(name(), present.missing(), present.folder(), listener, remedy(dataPath));
  }

  /** The user's folder: the first that is complete, else the first with any file. */
  private IdxFolder userFolder(Path dataPath) {
    List<IdxFolder> folders = folders(dataPath).stream().map(IdxFolder::in).toList();
    return folders.stream()
        .filter(IdxFolder::complete)
        .findFirst()
        .or(() -> folders.stream().filter(folder -> !folder.present().isEmpty()).findFirst())
        .orElse(folders.get(0));
  }

  private Optional<IdxFolder> debian() {
    return debianFolder.map(IdxFolder::in).filter(IdxFolder::complete);
  }

  /** Own look-alikes are welcome, but a damaged copy should not go unnoticed. */
  private void warnOfDifferences(Path folder, Dataset dataset) {
    Map<String, String> md5 = published.md5();
    List<String> different =
        dataset.sources().stream()
            .filter(source -> !source.md5().equals(md5.get(source.name() + ".gz")))
            .map(source -> source.name() + " (MD5 " + source.md5() + ")")
            .toList();
    if (!different.isEmpty()) {
      log()
          .warn(
              "{}: not the published {} files, used as they are: {}",
              folder,
              name(),
              String.join(", ", different));
    }
  }

  /** A user's own files must not be completed with published ones. */
  private void checkOriginal(IdxFolder folder) {
    folder
        .present()
        .forEach(
            (part, path) -> {
              try (ContentStream in = ContentStream.open(path)) {
                String md5 = in.readToEnd(ImageSet.MAX_ARRAY);
                if (!md5.equals(published.md5().get(part.gzipName()))) {
                  throw new DatasetException(
                      ("%s: lacks %s, and %s is not the published file (MD5 %s), so the download"
                              + " would not fit to it. Add your own files or move it away.")
                          .formatted(
                              folder.folder(),
                              String.join(", ", folder.missing()),
                              path.getFileName(),
                              md5));
                }
              }
            });
  }

  /** Not a constant: help lists data sets, and logging takes longer to start than help to print. */
  private static Logger log() {
    return LoggerFactory.getLogger(IdxSource.class);
  }
}
