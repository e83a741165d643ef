package org.imageperformer.datasets.augment;

import java.util.random.RandomGenerator;

/**
 * Moves an image by up to so many pixels in each direction, zeros entering, and mirrors half of
 * them left to right: padding, a random crop and a random mirror (gsa.md, section 6).
 *
 * @param padding pixels on each side, 0 or more
 */
public record CropAndMirror(int padding) implements Augmentation {
  @Override
  public byte[] apply(byte[] image, int height, int width, int channels, RandomGenerator random) {
    int down = below(2 * padding + 1, random) - padding;
    int right = below(2 * padding + 1, random) - padding;
    boolean mirrored = random.nextLong() < 0;
    byte[] varied = new byte[image.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int row = y + down;
        int column = (mirrored ? width - 1 - x : x) + right;
        if (row >= 0 && row < height && column >= 0 && column < width) {
          System.arraycopy(
              image,
              (row * width + column) * channels,
              varied,
              (y * width + x) * channels,
              channels);
        }
      }
    }
    return varied;
  }

  /** Uniform in [0, bound) but for less than one in 2^24 of small bounds. */
  private static int below(int bound, RandomGenerator random) {
    return (int) (((random.nextLong() >>> 33) * bound) >>> 31);
  }
}
