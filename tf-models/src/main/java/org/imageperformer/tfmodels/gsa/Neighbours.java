package org.imageperformer.tfmodels.gsa;

/**
 * The pixels that the queries of an image look at. Key j of query p is a pixel, or lies outside of
 * the image and is left out.
 *
 * @param type whether a key stands for an offset or for a pixel of its own
 * @param offsets all offsets
 * @param height rows of the image
 * @param width columns of the image
 */
record Neighbours(AttentionType type, OffsetGrid offsets, int height, int width) {

  /**
   * @throws IllegalArgumentException if attention is global and the image is not square
   */
  Neighbours {
    if (type == AttentionType.GLOBAL && height != width) {
      throw new IllegalArgumentException(
          "global attention needs square images, not "
              + height
              + "x"
              + width
              + ": its offsets are measured by the image's side; take --attention_type Local");
    }
  }

  /** Pixels of the image, P. */
  int pixels() {
    return height * width;
  }

  /** Keys of a query, D. */
  int keys() {
    return switch (type) {
      case LOCAL -> offsets.size();
      case GLOBAL -> pixels();
    };
  }

  /** The pixel of each query's keys, or {@link #pixels()} for one outside, [P, D]. */
  int[][] keyPixels() {
    int[][] found = new int[pixels()][keys()];
    for (int p = 0; p < pixels(); p++) {
      for (int d = 0; d < keys(); d++) {
        int row = row(p, d);
        int column = column(p, d);
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        found[p][d] = inside ? row * width + column : pixels();
      }
    }
    return found;
  }

  /** The offset of each query's keys, [P, D]. */
  int[][] keyOffsets() {
    int[][] found = new int[pixels()][keys()];
    for (int p = 0; p < pixels(); p++) {
      for (int d = 0; d < keys(); d++) {
        found[p][d] = offsets.index(row(p, d) - p / width, column(p, d) - p % width);
      }
    }
    return found;
  }

  /** 0 for a key in the image, minus infinity for one outside, [P D] row-major. */
  float[] mask() {
    int[][] pixels = keyPixels();
    float[] found = new float[pixels() * keys()];
    for (int i = 0; i < found.length; i++) {
      boolean inside = pixels[i / keys()][i % keys()] < pixels();
      found[i] = inside ? 0 : Float.NEGATIVE_INFINITY;
    }
    return found;
  }

  private int row(int p, int d) {
    return switch (type) {
      case LOCAL -> p / width + d / offsets.side() - offsets.radius();
      case GLOBAL -> d / width;
    };
  }

  private int column(int p, int d) {
    return switch (type) {
      case LOCAL -> p % width + d % offsets.side() - offsets.radius();
      case GLOBAL -> d % width;
    };
  }
}
