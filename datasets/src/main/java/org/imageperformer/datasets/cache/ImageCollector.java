package org.imageperformer.datasets.cache;

import org.imageperformer.datasets.DatasetException;

/**
 * Collects the images of one file as they are read, so that the originals of a whole file are never
 * held. Memory and disk follow what really arrives, not what a header claims.
 */
public final class ImageCollector {
  private final String file;
  private final int imageBytes;
  private final long total;
  private final CacheWriter writer; // null: on the heap
  private final long offset;
  private byte[] pixels; // on the heap
  private int count;

  /** Images of up to {@code total} bytes in all, of which {@code likely} are likely to come. */
  ImageCollector(String file, int imageBytes, long total, long likely, CacheWriter writer) {
    this.file = file;
    this.imageBytes = imageBytes;
    this.total = total;
    this.writer = writer;
    offset = writer == null ? 0 : writer.length();
    pixels = writer == null ? allocate(Math.min(total, likely)) : null;
  }

  /** Adds a copy of one image, {@code [height, width, channels]}. */
  public void add(byte[] image) {
    if (writer != null) {
      writer.write(image, imageBytes);
    } else {
      int used = count * imageBytes;
      if (used + (long) imageBytes > pixels.length) {
        byte[] longer = allocate(Math.min(total, 2L * pixels.length));
        System.arraycopy(pixels, 0, longer, 0, used);
        pixels = longer;
      }
      System.arraycopy(image, 0, pixels, used, imageBytes);
    }
    count++;
  }

  /** How many images were added. */
  public int count() {
    return count;
  }

  /** Ends the file, taking over a label for each image; the collector is used up. */
  public ReadImages.OfFile finish(byte[] labels) {
    if (labels.length != count) {
      throw new IllegalArgumentException(
          "%s: %s labels for %s images.".formatted(file, labels.length, count));
    }
    return new ReadImages.OfFile(labels, pixels, offset);
  }

  private byte[] allocate(long bytes) {
    try {
      return new byte[(int) bytes];
    } catch (OutOfMemoryError e) { // a single large request: refused as a whole, nothing is lost
      throw new DatasetException(
          needs(file, total) + "has left. Choose a smaller image size or allow more memory (-Xmx).",
          e);
    }
  }

  static String needs(String file, long bytes) {
    return "%s: its images need %s MiB of memory, more than Java ".formatted(file, bytes >> 20);
  }
}
