package org.imageperformer.datasets.resize;

/**
 * Bilinear resampling of 8-bit images from one fixed size to another, in the arithmetic of Pillow's
 * {@code Image.resize(..., BILINEAR)}: a triangle filter around half-pixel centres, widened by the
 * scale when shrinking; weights rounded to 22 fractional bits; first along rows, then along
 * columns, each pass rounded to 8 bits. Not safe for use by several threads at once.
 */
final class Resampler {
  private final int height;
  private final int width;
  private final int channels;
  private final int newWidth;
  private final Taps horizontal;
  private final Taps vertical;
  private final byte[] rows; // [height, newWidth, channels], the result of the first pass

  Resampler(int height, int width, int channels, int newHeight, int newWidth) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.newWidth = newWidth;
    horizontal = Taps.of(width, newWidth);
    vertical = Taps.of(height, newHeight);
    rows = new byte[Math.multiplyExact(Math.multiplyExact(height, newWidth), channels)];
  }

  /**
   * Reads [height, width, channels] at sourceAt, writes [newHeight, newWidth, channels] at
   * targetAt.
   */
  void resize(byte[] source, int sourceAt, byte[] target, int targetAt) {
    int sourceRow = width * channels;
    int row = newWidth * channels;
    for (int y = 0; y < height; y++) {
      for (int c = 0; c < channels; c++) {
        horizontal.alongRow(source, sourceAt + y * sourceRow + c, rows, y * row + c, channels);
      }
    }
    vertical.acrossRows(rows, target, targetAt, row);
  }

  /** The weights of one dimension: target position i sums count[i] sources from first[i] on. */
  private static final class Taps {
    private static final int FRACTION_BITS = 22;
    private static final int HALF = 1 << (FRACTION_BITS - 1);

    private final int[] first;
    private final int[] count;
    private final int[] weights; // [position, stride]
    private final int stride;

    private Taps(int[] first, int[] count, int[] weights, int stride) {
      this.first = first;
      this.count = count;
      this.weights = weights;
      this.stride = stride;
    }

    static Taps of(int size, int newSize) {
      if (size == newSize) { // Pillow leaves out the pass
        int[] first = new int[size];
        int[] count = new int[size];
        int[] weights = new int[size];
        for (int i = 0; i < size; i++) {
          first[i] = i;
          count[i] = 1;
          weights[i] = 1 << FRACTION_BITS;
        }
        return new Taps(first, count, weights, 1);
      }
      double scale = (double) size / newSize;
      double support = Math.max(scale, 1.0);
      int stride = (int) Math.ceil(support) * 2 + 1;
      int[] first = new int[newSize];
      int[] count = new int[newSize];
      int[] weights = new int[Math.multiplyExact(newSize, stride)];
      double[] exact = new double[stride];
      for (int i = 0; i < newSize; i++) {
        double center = (i + 0.5) * scale;
        first[i] = Math.max((int) (center - support + 0.5), 0);
        count[i] = Math.min((int) (center + support + 0.5), size) - first[i];
        double sum = 0;
        for (int k = 0; k < count[i]; k++) {
          double distance = Math.abs((k + first[i] - center + 0.5) * (1.0 / support));
          exact[k] = distance < 1.0 ? 1.0 - distance : 0.0;
          sum += exact[k];
        }
        for (int k = 0; k < count[i]; k++) {
          weights[i * stride + k] = (int) (exact[k] / sum * (1 << FRACTION_BITS) + 0.5);
        }
      }
      return new Taps(first, count, weights, stride);
    }

    /** Resamples one line whose neighbours lie {@code step} bytes apart, in source and target. */
    void alongRow(byte[] source, int sourceAt, byte[] target, int targetAt, int step) {
      int to = targetAt;
      for (int i = 0; i < first.length; i++) {
        int from = sourceAt + first[i] * step;
        int weight = i * stride;
        int sum = HALF;
        for (int k = 0; k < count[i]; k++) {
          sum += (source[from] & 0xff) * weights[weight + k];
          from += step;
        }
        target[to] = rounded(sum);
        to += step;
      }
    }

    /** Resamples all columns at once: each row of the target is a sum of weighted rows. */
    void acrossRows(byte[] source, byte[] target, int targetAt, int row) {
      for (int i = 0; i < first.length; i++) {
        int from = first[i] * row;
        int to = targetAt + i * row;
        int weight = i * stride;
        if (count[i] == 2) { // almost always when enlarging, and much faster
          int weight0 = weights[weight];
          int weight1 = weights[weight + 1];
          for (int x = 0; x < row; x++) {
            int sum =
                (source[from + x] & 0xff) * weight0 + (source[from + row + x] & 0xff) * weight1;
            target[to + x] = rounded(HALF + sum);
          }
        } else {
          for (int x = 0; x < row; x++) {
            int sum = HALF;
            for (int k = 0; k < count[i]; k++) {
              sum += (source[from + k * row + x] & 0xff) * weights[weight + k];
            }
            target[to + x] = rounded(sum);
          }
        }
      }
    }

    private static byte rounded(int sum) {
      return (byte) Math.min(sum >> FRACTION_BITS, 255);
    }
  }
}
