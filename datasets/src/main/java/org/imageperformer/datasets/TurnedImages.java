package org.imageperformer.datasets;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The images of a set, turned one by one when they are asked for, so that a large set need not be
 * in memory twice (data.md, "Turned images"). A pixel is the bilinear value at the place that it
 * comes from, with zeros outside of the image, rounded to the nearest byte, halves up; at multiples
 * of 90 degrees the pixels of square images are moved as they are. May be used by several threads.
 */
public final class TurnedImages {
  private final ImageSet images;
  private final boolean mirrored;
  private final boolean disc;
  private final double cosine;
  private final double sine;

  /**
   * @param images of any size; what leaves their frame is lost
   * @param turn what is done to each
   * @param disc whether to blacken what lies outside of the largest circle within the frame, so
   *     that the same part of the picture is seen at every angle
   */
  public TurnedImages(ImageSet images, Turn turn, boolean disc) {
    this.images = images;
    this.mirrored = turn.mirrored();
    this.disc = disc;
    this.cosine = turn.cosine();
    this.sine = turn.sine();
  }

  /**
   * Puts the pixels of a turned image at the target's position, which moves on by {@link
   * ImageSet#imageBytes}.
   *
   * @param i position in the set
   * @param target with room for one image
   * @throws IndexOutOfBoundsException if there is no such image
   * @throws java.nio.BufferOverflowException if the target has too little room
   */
  public void copyImage(int i, ByteBuffer target) {
    ByteBuffer source = images.image(i);
    double middleRow = (images.height() - 1) / 2.0;
    double middleColumn = (images.width() - 1) / 2.0;
    double radius = Math.min(images.height(), images.width()) / 2.0;
    for (int y = 0; y < images.height(); y++) {
      double down = y - middleRow;
      for (int x = 0; x < images.width(); x++) {
        double right = x - middleColumn;
        boolean hidden = disc && down * down + right * right > radius * radius;
        double row = middleRow + down * cosine + right * sine;
        double column = middleColumn - down * sine + right * cosine;
        if (mirrored) {
          column = images.width() - 1 - column;
        }
        for (int c = 0; c < images.channels(); c++) {
          target.put(hidden ? 0 : (byte) Math.floor(bilinear(source, row, column, c) + 0.5));
        }
      }
    }
  }

  /**
   * Turns all images now.
   *
   * @return new images with the same labels
   * @throws IllegalArgumentException if they exceed 2 GiB
   */
  public ImageSet toSet() {
    long total = (long) images.size() * images.imageBytes();
    if (total > ImageSet.MAX_ARRAY) {
      throw new IllegalArgumentException(
          images + " turned need " + total + " bytes, over 2 GiB. Turn fewer at a time.");
    }
    ByteBuffer pixels = ByteBuffer.allocate((int) total);
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < labels.length; i++) {
      copyImage(i, pixels);
      labels[i] = (byte) images.label(i);
    }
    return ImageSet.over(
        List.of(pixels.flip()), labels, images.height(), images.width(), images.channels());
  }

  private double bilinear(ByteBuffer source, double row, double column, int channel) {
    int top = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    double below = row - top;
    double beside = column - left;
    double upper =
        (1 - beside) * pixel(source, top, left, channel)
            + beside * pixel(source, top, left + 1, channel);
    double lower =
        (1 - beside) * pixel(source, top + 1, left, channel)
            + beside * pixel(source, top + 1, left + 1, channel);
    return (1 - below) * upper + below * lower;
  }

  private int pixel(ByteBuffer source, int row, int column, int channel) {
    boolean inside = row >= 0 && row < images.height() && column >= 0 && column < images.width();
    return inside
        ? source.get((row * images.width() + column) * images.channels() + channel) & 0xff
        : 0;
  }
}
