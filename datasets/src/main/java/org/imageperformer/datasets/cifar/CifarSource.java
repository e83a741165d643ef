package org.imageperformer.datasets.cifar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.files.ContentStream;
import org.imageperformer.datasets.files.Md5;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set in the format of CIFAR-10's binary version: unpacked in its folder, or the archive.
 */
public class CifarSource implements DatasetSource {

  private final DatasetInfo info;
  private final Published published;
  private final ImageStore store;

  /** Makes the source. */
  public CifarSource(DatasetInfo info, Published published, ImageStore store) {
    this.info = info;
    this.published = published;
    this.store = store;
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
    Path folder = folder(dataPath);
    Optional<Path> place;
    try {
      place = CifarPlace.find(dataPath, name());
    } catch (DatasetException e) {
      return availability(Availability.Place.ABSENT, folder, e.getMessage());
    }
    if (place.isEmpty()) {
      return availability(Availability.Place.ABSENT, folder, "missing " + CifarPlace.ARCHIVE);
    }
    boolean unpacked = Files.isDirectory(place.get());
    List<String> missing = unpacked ? CifarDataset.missingIn(place.get()) : List.of();
    return missing.isEmpty()
        ? availability(
            Availability.Place.DATA_PATH, place.get(), unpacked ? "6 files" : "1 archive")
        : availability(
            Availability.Place.ABSENT, place.get(), "missing " + String.join(", ", missing));
  }

  private Availability availability(Availability.Place place, Path location, String note) {
    return new Availability(name(), place, location.toString(), note);
  }

  @Override
  public final Optional<Dataset> read(Path dataPath, int imageSize) {
    return CifarPlace.find(dataPath, name())
        .map(
            place ->
                Files.isDirectory(place)
                    ? readFolder(place, dataPath, imageSize)
                    : readArchive(place, dataPath, imageSize));
  }

  private Dataset readFolder(Path place, Path dataPath, int imageSize) {
    return store.read(
        info,
        dataPath,
        imageSize,
        () ->
            String.join(
                " ",
                CifarDataset.fileNames().stream().map(file -> md5(place.resolve(file))).toList()),
        reading ->
            CifarDataset.readFolder(
                place, new CifarReader(reading, imageSize, info.classNames().size())));
  }

  private Dataset readArchive(Path archive, Path dataPath, int imageSize) {
    if (!Files.isRegularFile(archive)) { // reading a pipe or a device need never end
      throw DatasetException.mismatch(
          archive.toString(), "a .tar.gz file", "something else", "Replace it with the archive.");
    }
    String md5 = md5(archive);
    Dataset dataset =
        store.read(
            info,
            dataPath,
            imageSize,
            () -> md5,
            reading ->
                CifarArchive.read(
                    archive, new CifarReader(reading, imageSize, info.classNames().size())));
    if (!published.files().isEmpty() && !published.md5().containsValue(md5)) {
      log().warn("{}: not the published {} archive (MD5 {}), used as it is", archive, name(), md5);
    }
    return dataset;
  }

  private static String md5(Path file) {
    try {
      return Md5.of(file);
    } catch (IOException e) {
      throw ContentStream.unreadable(file.toString(), e);
    }
  }

  @Override
  public final String remedy(Path dataPath) {
    return Published.putThere(
        List.of(CifarPlace.ARCHIVE),
        "or the unpacked folder " + CifarDataset.FOLDER,
        folder(dataPath));
  }

  @Override
  public final Path download(Path dataPath, DownloadListener listener) {
    Path folder = folder(dataPath);
    return CifarPlace.find(dataPath, name())
        .orElseGet(
            () ->
                published.fetch(
                    name(), List.of(CifarPlace.ARCHIVE), folder, listener, remedy(dataPath)));
  }

  private Path folder(Path dataPath) {
    return dataPath.resolve(name());
  }

  /** Not a constant: help lists data sets, and logging takes longer to start than help to print. */
  private static Logger log() {
    return LoggerFactory.getLogger(CifarSource.class);
  }
}
