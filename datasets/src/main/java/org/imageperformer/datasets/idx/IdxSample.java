package org.imageperformer.datasets.idx;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Optional;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.files.ContentStream;

/** A sample in MNIST's format inside this module: it makes the first run work with no network. */
public abstract class IdxSample implements DatasetSource {
  private static final String SAMPLES = "org/imageperformer/datasets/samples/";

  private final DatasetInfo info;

  /** Makes the source; the folder of its files has the name of {@code info}. */
  protected IdxSample(DatasetInfo info) {
    this.info = info;
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
    return new Availability(
        name(),
        Availability.Place.SHIPPED,
        "classpath:" + SAMPLES + name(),
        "5000 training and 1000 test images");
  }

  @Override
  public final Optional<Dataset> read(Path dataPath, int imageSize) {
    return Optional.of(
        new IdxDataset(info, this::open).read(ImageStore.usual(), dataPath, imageSize));
  }

  @Override
  public final String remedy(Path dataPath) {
    return "Install the program again.";
  }

  @Override
  public final Path download(Path dataPath, DownloadListener listener) {
    throw new DatasetException(name() + " ships with the program: nothing to download.");
  }

  private ContentStream open(IdxPart part) {
    String resource = SAMPLES + name() + "/" + part.gzipName();
    String location = "classpath:" + resource;
    URL url = IdxSample.class.getResource("/" + resource);
    if (url == null) {
      throw new DatasetException(
          location + ": missing from this installation. Install the program again.");
    }
    try {
      URLConnection connection = url.openConnection();
      return ContentStream.of(
          location, connection.getInputStream(), connection.getContentLengthLong());
    } catch (IOException e) {
      throw ContentStream.unreadable(location, e);
    }
  }
}
