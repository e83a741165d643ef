package org.imageperformer.datasets;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The shift experiment's images (data.md, "Shifted images"): which have margins wide enough to be
 * moved, and moving them.
 */
public final class Shifts {
  private Shifts() {}

  /**
   * Refuses data sets whose images have no empty margins.
   *
   * @param info the data set of a shift experiment
   * @throws IllegalArgumentException unless it is {@linkplain DatasetInfo#shiftable shiftable}
   */
  public static void requireShiftable(DatasetInfo info) {
    if (!info.shiftable()) {
      throw new IllegalArgumentException(
          "The shift experiment needs images with empty margins: expected MNIST, FashionMNIST or one"
              + (" of their samples, found " + info.name() + "."));
    }
  }

  /** Finds the images that can be moved sideways by minShift columns both ways. */
  public static int[] qualifying(ImageSet test, Set<Integer> labels, int minShift) {
    return qualifying(test, labels, minShift, ShiftDirection.HORIZONTAL);
  }

  /**
   * Finds the images that can be moved by minShift both ways: every margin that way, less one, is
   * at least minShift.
   *
   * @param test images after the resize
   * @param labels the classes wanted
   * @param minShift columns or rows, 0 or more
   * @param direction of the shift
   * @return positions in the set, ascending; empty if none qualifies
   * @throws IllegalArgumentException if minShift is negative or no label is given
   */
  public static int[] qualifying(
      ImageSet test, Set<Integer> labels, int minShift, ShiftDirection direction) {
    if (minShift < 0) {
      throw new IllegalArgumentException("A shift of " + minShift + ": must not be negative.");
    }
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("No labels: expected at least one class to be shifted.");
    }
    int[] chosen = new int[test.size()];
    int count = 0;
    for (int i = 0; i < test.size(); i++) {
      if (labels.contains(test.label(i)) && most(test, i, direction) >= minShift) {
        chosen[count] = i;
        count++;
      }
    }
    return Arrays.copyOf(chosen, count);
  }

  /**
   * Counts the columns at the left edge that are zero in every row and channel.
   *
   * @param images the set
   * @param i position in the set
   * @return 0 to width
   */
  public static int leftMargin(ImageSet images, int i) {
    ByteBuffer image = images.image(i);
    int margin = 0;
    while (margin < images.width() && emptyColumn(images, image, margin)) {
      margin++;
    }
    return margin;
  }

  /**
   * Counts the columns at the right edge that are zero in every row and channel.
   *
   * @param images the set
   * @param i position in the set
   * @return 0 to width
   */
  public static int rightMargin(ImageSet images, int i) {
    ByteBuffer image = images.image(i);
    int margin = 0;
    while (margin < images.width() && emptyColumn(images, image, images.width() - 1 - margin)) {
      margin++;
    }
    return margin;
  }

  /**
   * Counts the rows at the upper edge that are zero in every column and channel.
   *
   * @param images the set
   * @param i position in the set
   * @return 0 to height
   */
  public static int upperMargin(ImageSet images, int i) {
    ByteBuffer image = images.image(i);
    int margin = 0;
    while (margin < images.height() && emptyRow(images, image, margin)) {
      margin++;
    }
    return margin;
  }

  /**
   * Counts the rows at the lower edge that are zero in every column and channel.
   *
   * @param images the set
   * @param i position in the set
   * @return 0 to height
   */
  public static int lowerMargin(ImageSet images, int i) {
    ByteBuffer image = images.image(i);
    int margin = 0;
    while (margin < images.height() && emptyRow(images, image, images.height() - 1 - margin)) {
      margin++;
    }
    return margin;
  }

  /**
   * The largest shift that an image bears both ways: its least margin, less one.
   *
   * @param images the set
   * @param i position in the set
   * @param direction of the shift
   * @return -1 if it cannot even be moved by nothing
   */
  public static int most(ImageSet images, int i, ShiftDirection direction) {
    int margin = Integer.MAX_VALUE;
    if (direction.columns() != 0) {
      margin = Math.min(leftMargin(images, i), rightMargin(images, i));
    }
    if (direction.rows() != 0) {
      margin = Math.min(margin, Math.min(upperMargin(images, i), lowerMargin(images, i)));
    }
    return margin - 1;
  }

  /**
   * Moves every image sideways, zeros entering; what leaves the image is lost.
   *
   * @param images the set
   * @param columns how far: positive is right, negative is left
   * @return new images with the same labels, or the same set for 0
   * @throws IllegalArgumentException if they exceed 2 GiB: shift a {@linkplain ImageSet#subset
   *     subset}
   */
  public static ImageSet shifted(ImageSet images, int columns) {
    return shifted(images, 0, columns);
  }

  /**
   * Moves every image, zeros entering; what leaves the image is lost.
   *
   * @param images the set
   * @param rows how far: positive is down, negative is up
   * @param columns how far: positive is right, negative is left
   * @return new images with the same labels, or the same set for no move
   * @throws IllegalArgumentException if they exceed 2 GiB: shift a {@linkplain ImageSet#subset
   *     subset}
   */
  public static ImageSet shifted(ImageSet images, int rows, int columns) {
    if (rows == 0 && columns == 0) {
      return images;
    }
    int width = images.width();
    int kept = (int) Math.max(width - Math.abs((long) columns), 0) * images.channels();
    int from = kept == 0 ? 0 : Math.max(-columns, 0) * images.channels();
    int to = kept == 0 ? 0 : Math.max(columns, 0) * images.channels();
    int row = width * images.channels();
    long total = (long) images.size() * images.imageBytes();
    if (total > ImageSet.MAX_ARRAY) {
      throw new IllegalArgumentException(
          images + " shifted need " + total + " bytes, over 2 GiB. Shift fewer at a time.");
    }
    byte[] source = new byte[images.imageBytes()];
    byte[] target = new byte[(int) total];
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, source, 0);
      labels[i] = (byte) images.label(i);
      int image = i * images.imageBytes();
      for (int y = 0; y < images.height(); y++) {
        long below = (long) y + rows;
        if (below >= 0 && below < images.height()) {
          System.arraycopy(source, y * row + from, target, image + (int) below * row + to, kept);
        }
      }
    }
    return ImageSet.over(
        List.of(ByteBuffer.wrap(target)), labels, images.height(), width, images.channels());
  }

  private static boolean emptyRow(ImageSet images, ByteBuffer image, int row) {
    int bytes = images.width() * images.channels();
    for (int x = 0; x < bytes; x++) {
      if (image.get(row * bytes + x) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean emptyColumn(ImageSet images, ByteBuffer image, int column) {
    int row = images.width() * images.channels();
    for (int y = 0; y < images.height(); y++) {
      for (int c = 0; c < images.channels(); c++) {
        if (image.get(y * row + column * images.channels() + c) != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
