package org.imageperformer.datasets.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.files.FileProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reading of a data set: decides file by file whether images stay on the heap. */
public final class ImageReading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageReading.class);

  private final CacheFile cache;
  private final long heapBytes;
  private long claimed;
  private CacheWriter writer; // null: all is on the heap so far
  private boolean noFile;

  ImageReading(CacheFile cache, long heapBytes) {
    this.cache = cache;
    this.heapBytes = heapBytes;
  }

  /**
   * Begins the next file; the one before must be finished.
   *
   * @param file what messages call it
   * @param images how many it claims to have, at most
   * @param likely how many its length makes likely; more may come
   * @return takes the images, resized
   * @throws DatasetException if there is no room for them
   */
  public ImageCollector begin(String file, int images, long likely) {
    int imageBytes = cache.imageBytes();
    long bytes = (long) images * imageBytes;
    claimed += bytes;
    boolean large = bytes > ImageSet.MAX_ARRAY || (claimed > heapBytes && !noFile);
    if (writer == null && large) {
      goToFile(file, bytes);
    }
    return new ImageCollector(file, imageBytes, bytes, Math.max(likely, 1) * imageBytes, writer);
  }

  private void goToFile(String file, long bytes) {
    try {
      writer = new CacheWriter(cache, claimed);
    } catch (IOException e) {
      String reason = cache.path() + " cannot be written (" + FileProblem.of(e) + ")";
      if (bytes > ImageSet.MAX_ARRAY) {
        throw new DatasetException(
            ImageCollector.needs(file, bytes)
                + "can hold in one array (%s MiB), and %s. Choose a smaller image size or another"
                    .formatted(ImageSet.MAX_ARRAY >> 20, reason)
                + " data path.",
            e);
      }
      noFile = true;
      LOG.warn("{}: the images of {} stay in memory", reason, file);
    }
  }

  /** Makes a data set of all that was read. */
  Dataset finish(ReadImages read) {
    return writer != null
        ? writer.finish(read)
        : read.assemble(
            cache.info(),
            cache.imageSize(),
            images ->
                List.of(
                    ByteBuffer.wrap(images.heap, 0, images.labels.length * cache.imageBytes())));
  }

  /** Removes what was not finished. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
