package org.imageperformer.datasets;

import java.util.Arrays;

/**
 * Collects images as they are read, each resized at once, so that the originals of a whole file are
 * never held. Memory follows what really arrives, not what a header claims.
 */
final class PixelCollector {
  /** The longest array every JVM can make: the bound of all that is read into memory at once. */
  static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final String file;
  private final Resampler resampler; // null: images keep their size
  private final int imageBytes;
  private final long total;
  private byte[] pixels;
  private int used;

  /**
   * Makes a collector for {@code images} images of height x width x channels, to become {@code
   * imageSize} x {@code imageSize}.
   *
   * @param likely how many images the file's size makes likely; more may come, up to {@code images}
   */
  PixelCollector(
      String file, int images, int height, int width, int channels, int imageSize, long likely) {
    this.file = file;
    boolean same = height == imageSize && width == imageSize;
    resampler = same ? null : new Resampler(height, width, channels, imageSize, imageSize);
    imageBytes = imageSize * imageSize * channels;
    total = (long) images * imageBytes;
    if (total > MAX_BYTES) {
      throw tooLarge(null);
    }
    pixels = allocate(Math.min(total, Math.max(likely, 1) * imageBytes));
  }

  void add(byte[] image) {
    if (used + (long) imageBytes > pixels.length) {
      byte[] longer = allocate(Math.min(total, 2L * pixels.length));
      System.arraycopy(pixels, 0, longer, 0, used);
      pixels = longer;
    }
    if (resampler == null) {
      System.arraycopy(image, 0, pixels, used, imageBytes);
    } else {
      resampler.resize(image, 0, pixels, used);
    }
    used += imageBytes;
  }

  /** How many images were added. */
  int count() {
    return used / imageBytes;
  }

  /** The images, [image, imageSize, imageSize, channels]; the collector is used up. */
  byte[] finish() {
    return used == pixels.length ? pixels : Arrays.copyOf(pixels, used);
  }

  private byte[] allocate(long bytes) {
    try {
      return new byte[(int) bytes];
    } catch (OutOfMemoryError e) { // a single large request: refused as a whole, nothing is lost
      throw tooLarge(e);
    }
  }

  private DatasetException tooLarge(OutOfMemoryError cause) {
    return new DatasetException(
        file
            + ": its images need "
            + (total >> 20)
            + " MiB of memory, more than Java "
            + (cause == null ? "can hold in one array (2047 MiB)" : "has left")
            + ". Choose a smaller image size"
            + (cause == null ? "" : " or allow more memory (-Xmx)")
            + ".",
        cause);
  }
}
