package org.imageperformer.datasets.pictures;

/**
 * What lies behind a picture's transparent parts. The colour that is stored there means nothing; it
 * is often that of the ink, which would leave a blank sheet.
 */
final class Transparency {
  private long pixels;
  private long opacity;
  private long brightness;

  /** Takes one row of the picture into account. */
  void add(int[] argb) {
    for (int pixel : argb) {
      int alpha = pixel >>> 24;
      opacity += alpha;
      brightness += (long) alpha * Decoder.luma(pixel);
    }
    pixels += argb.length;
  }

  /** Whether a pixel can be looked through. */
  boolean isThere() {
    return opacity < 255 * pixels;
  }

  /**
   * Black (0) or white (255). Where less than half of a picture is there, that is the ink, and gets
   * a background unlike it; else its own background is part of it, and the rest becomes like that.
   */
  int background() {
    boolean light = brightness > 127 * opacity;
    boolean ink = 2 * opacity < 255 * pixels;
    return light == ink ? 0 : 255;
  }

  /** A pixel over a background of this gray, opaque. */
  static int over(int argb, int background) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb;
    }
    return 0xff000000
        | mixed(argb >> 16 & 0xff, alpha, background) << 16
        | mixed(argb >> 8 & 0xff, alpha, background) << 8
        | mixed(argb & 0xff, alpha, background);
  }

  private static int mixed(int value, int alpha, int background) {
    return (value * alpha + background * (255 - alpha) + 127) / 255;
  }
}
