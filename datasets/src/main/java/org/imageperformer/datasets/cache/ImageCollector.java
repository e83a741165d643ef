package org.imageperformer.datasets.cache;

import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;

/**
 * Collects the images of one file as they are read, so that the originals of a whole file are never
 * held. Memory and disk follow what really arrives, not what a header claims.
 */
public abstract sealed class ImageCollector {
  final String file;
  final int imageBytes;
  private int count;

  private ImageCollector(String file, int imageBytes) {
    this.file = file;
    this.imageBytes = imageBytes;
  }

  /**
   * Adds one image.
   *
   * @param image {@code [height, width, channels]}; copied
   */
  public final void add(byte[] image) {
    put(image);
    count++;
  }

  /**
   * How many images were added.
   *
   * @return 0 or more
   */
  public final int count() {
    return count;
  }

  /**
   * Ends the file; the collector is used up.
   *
   * @param labels one for each image; taken over
   * @return the images, for {@link ReadImages}
   */
  public final ReadImages.OfFile finish(byte[] labels) {
    if (labels.length != count) {
      throw new IllegalArgumentException(
          file + ": " + labels.length + " labels for " + count + " images.");
    }
    return ended(labels);
  }

  abstract void put(byte[] image);

  abstract ReadImages.OfFile ended(byte[] labels);

  /** In one array. */
  static final class OnHeap extends ImageCollector {
    private final long total;
    private byte[] pixels;
    private int used;

    /** Images of up to {@code total} bytes in all, of which {@code likely} are likely to come. */
    OnHeap(String file, int imageBytes, long total, long likely) {
      super(file, imageBytes);
      this.total = total;
      pixels = allocate(Math.min(total, likely));
    }

    @Override
    void put(byte[] image) {
      if (used + (long) imageBytes > pixels.length) {
        byte[] longer = allocate(Math.min(total, 2L * pixels.length));
        System.arraycopy(pixels, 0, longer, 0, used);
        pixels = longer;
      }
      System.arraycopy(image, 0, pixels, used, imageBytes);
      used += imageBytes;
    }

    @Override
    ReadImages.OfFile ended(byte[] labels) {
      return new ReadImages.OfFile(labels, pixels, -1);
    }

    private byte[] allocate(long bytes) {
      try {
        return new byte[(int) bytes];
      } catch (OutOfMemoryError e) { // a single large request: refused as a whole, nothing is lost
        throw new DatasetException(
            needs(file, total)
                + "has left. Choose a smaller image size or allow more memory (-Xmx).",
            e);
      }
    }
  }

  /** At the end of the cache file. */
  static final class InFile extends ImageCollector {
    private final CacheWriter writer;
    private final long offset;

    InFile(String file, int imageBytes, CacheWriter writer) {
      super(file, imageBytes);
      this.writer = writer;
      offset = writer.length();
    }

    @Override
    void put(byte[] image) {
      writer.write(image, imageBytes);
    }

    @Override
    ReadImages.OfFile ended(byte[] labels) {
      return new ReadImages.OfFile(labels, null, offset);
    }
  }

  static String needs(String file, long bytes) {
    return file + ": its images need " + (bytes >> 20) + " MiB of memory, more than Java ";
  }

  /** Says that neither array nor file can take the images. */
  static DatasetException tooLarge(String file, long bytes, String whyNoFile) {
    return new DatasetException(
        needs(file, bytes)
            + "can hold in one array ("
            + (ImageSet.MAX_ARRAY >> 20)
            + " MiB), and "
            + whyNoFile
            + ". Choose a smaller image size or another data path.");
  }
}
