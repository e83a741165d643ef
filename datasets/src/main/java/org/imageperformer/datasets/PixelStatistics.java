package org.imageperformer.datasets;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be known of images to bring their pixels to a common scale.
 *
 * @param mean per channel, of the pixels divided by 255
 * @param std standard deviation per channel of the pixels divided by 255; 1 where all are the same
 * @param blackMargins whether the outermost pixels of at least half of the images are all 0
 */
record PixelStatistics(List<Float> mean, List<Float> std, boolean blackMargins) {
  /**
   * Goes through all pixels of a set. Sums are exact, so that the order does not matter.
   *
   * @param images at least one
   */
  static PixelStatistics of(ImageSet images) {
    int channels = images.channels();
    long[] sums = new long[channels];
    long[] squares = new long[channels];
    int black = 0;
    byte[] image = new byte[images.imageBytes()];
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, image, 0);
      for (int at = 0; at < image.length; at++) {
        int value = image[at] & 0xff;
        sums[at % channels] += value;
        squares[at % channels] += (long) value * value;
      }
      black += hasBlackMargin(image, images.height(), images.width() * channels, channels) ? 1 : 0;
    }
    double count = (double) images.size() * images.height() * images.width();
    List<Float> mean = new ArrayList<>();
    List<Float> std = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double of = sums[c] / count;
      double deviation = Math.sqrt(Math.max(0, squares[c] / count - of * of));
      mean.add((float) (of / 255));
      std.add(deviation > 0 ? (float) (deviation / 255) : 1f);
    }
    return new PixelStatistics(mean, std, 2L * black >= images.size());
  }

  private static boolean hasBlackMargin(byte[] image, int height, int row, int channels) {
    for (int x = 0; x < row; x++) {
      if (image[x] != 0 || image[(height - 1) * row + x] != 0) {
        return false;
      }
    }
    for (int y = 0; y < height; y++) {
      for (int c = 0; c < channels; c++) {
        if (image[y * row + c] != 0 || image[(y + 1) * row - channels + c] != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
