package org.imageperformer.datasets.pictures;

import java.util.List;
import org.imageperformer.datasets.resize.Resize;
import org.imageperformer.options.Labelled;

/** How a picture of other proportions gets into a given size. */
public enum Fit implements Labelled {
  /** With its proportions, in the middle, black around it. */
  PAD("pad") {
    @Override
    public Picture apply(Picture picture, int height, int width) {
      double scale = Math.min((double) height / picture.height(), (double) width / picture.width());
      int rows = inside(picture.height() * scale, height);
      int columns = inside(picture.width() * scale, width);
      if (rows == height && columns == width) {
        return resized(picture, height, width, picture.notes());
      }
      Picture small = resized(picture, rows, columns, picture.notes());
      byte[] pixels = new byte[height * width * picture.channels()];
      int row = columns * picture.channels();
      int left = (width - columns) / 2 * picture.channels();
      for (int y = 0; y < rows; y++) {
        int target = ((height - rows) / 2 + y) * width * picture.channels() + left;
        System.arraycopy(small.pixels(), y * row, pixels, target, row);
      }
      return new Picture(
          height, width, picture.channels(), pixels, noted(picture, "padded", height, width));
    }
  },

  /** All of the size, whatever becomes of its proportions. */
  STRETCH("stretch") {
    @Override
    public Picture apply(Picture picture, int height, int width) {
      boolean same = (long) picture.height() * width == (long) picture.width() * height;
      return resized(
          picture,
          height,
          width,
          same ? picture.notes() : noted(picture, "stretched", height, width));
    }
  };

  private final String label;

  Fit(String label) {
    this.label = label;
  }

  /**
   * The constant of that label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Fit of(String label) {
    return Labelled.of(Fit.class, "fit", label);
  }

  @Override
  public String label() {
    return label;
  }

  /**
   * Resizes a picture with the filter of the data sets.
   *
   * @param height new rows
   * @param width new columns
   * @return a picture of that size, with a note if it had other proportions
   */
  public abstract Picture apply(Picture picture, int height, int width);

  private static int inside(double length, int largest) {
    return Math.max(1, Math.min(largest, (int) Math.round(length)));
  }

  private static Picture resized(Picture picture, int height, int width, List<String> notes) {
    byte[] pixels =
        Resize.bilinear(
            picture.pixels(), picture.height(), picture.width(), picture.channels(), height, width);
    return new Picture(height, width, picture.channels(), pixels, notes);
  }

  private static List<String> noted(Picture picture, String done, int height, int width) {
    return picture.noted(
        "%sx%s %s to %sx%s".formatted(picture.width(), picture.height(), done, width, height));
  }
}
