package org.imageperformer.datasets.cache;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;

/**
 * Takes the decoded images of a data set as a source reads them. What fits well lies in arrays. A
 * larger data set lies in a file, mapped into memory, so that its images may exceed one array and
 * the heap; the next load finds the file and decodes nothing.
 *
 * <p>The file is {@code DATA_PATH/.cache/NAME-SIZE.images}: the data path is where the user wants
 * data to be and expects large files, it outlives the run and is shared by runs, unlike a temporary
 * folder, which often is small or in memory. No class folder, archive or IDX file is looked for in
 * {@code .cache}. It may be deleted at any time between runs.
 *
 * <p>A file counts only if its version, its length and the checksum of the files it came from are
 * right; otherwise it is written anew: aside, under a lock, and renamed when whole.
 */
public final class ImageStore {
  private final long heapBytes;
  private final int mappedBytes;

  /**
   * Makes a store.
   *
   * @param heapBytes a data set with more bytes of pixels goes to a file
   */
  public ImageStore(long heapBytes) {
    this(heapBytes, ImageSet.MAX_ARRAY);
  }

  /** As above, with no mapping longer than {@code mappedBytes}. */
  ImageStore(long heapBytes, int mappedBytes) {
    this.heapBytes = heapBytes;
    this.mappedBytes = mappedBytes;
  }

  /**
   * The store for general use.
   *
   * @return one that fills up to half of the heap
   */
  public static ImageStore usual() {
    return new ImageStore(Math.min(ImageSet.MAX_ARRAY, Runtime.getRuntime().maxMemory() / 2));
  }

  /**
   * Brings a data set into memory: from its file if there is one, else through a reader.
   *
   * @param info which data set
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns of all images
   * @param checksum of the files that the reader reads; asked for only if a file is or may be there
   * @param reader reads all images into the collectors that it begins
   * @return the data set
   * @throws org.imageperformer.datasets.DatasetException as the reader does, or if there is room
   *     for the images neither on the heap nor below the data path
   */
  public Dataset read(
      DatasetInfo info,
      Path dataPath,
      int imageSize,
      Supplier<String> checksum,
      Function<ImageReading, ReadImages> reader) {
    CacheFile cache = new CacheFile(info, dataPath, imageSize, checksum, mappedBytes);
    Optional<Dataset> kept = cache.open();
    if (kept.isPresent()) {
      return kept.get();
    }
    try (ImageReading reading = new ImageReading(cache, heapBytes)) {
      return reading.finish(reader.apply(reading));
    }
  }
}
