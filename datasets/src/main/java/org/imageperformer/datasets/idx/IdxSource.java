package org.imageperformer.datasets.idx;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set in MNIST's format: in {@code DIR/NAME}, in torchvision's {@code DIR/NAME/raw}, perhaps
 * in a folder of Debian's, else published on mirrors.
 */
public class IdxSource implements DatasetSource {

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
    return debian.map(folder -> read(folder, dataPath, imageSize));
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
    Path folder = dataPath.resolve(name());
    IdxFolder flat = IdxFolder.in(folder);
    IdxFolder raw = IdxFolder.in(folder.resolve("raw"));
    boolean preferRaw = raw.complete() || (flat.present().isEmpty() && !raw.present().isEmpty());
    return preferRaw && !flat.complete() ? raw : flat;
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
