package org.imageperformer.datasets.pictures;

import java.util.Arrays;
import org.imageperformer.options.Labelled;

/** Whether light and dark change places: people write black on white, MNIST is white on black. */
public enum Invert implements Labelled {
  /** Where the margin is light and the model knows images with black margins. */
  AUTO("auto") {
    @Override
    public Picture apply(Picture picture, boolean blackMargins) {
      if (!blackMargins) {
        return picture;
      }
      int[] margin = margin(picture);
      if (margin[margin.length / 4] > LIGHT) {
        return inverted(picture);
      }
      int median = margin[margin.length / 2];
      return median <= DARK
          ? picture
          : noted(
              picture,
              "its margin is gray (%s of 255), that of the images the model knows is black"
                  .formatted(median));
    }
  },

  /** In any case. */
  YES("yes") {
    @Override
    public Picture apply(Picture picture, boolean blackMargins) {
      return inverted(picture);
    }
  },

  /** In no case. */
  NO("no") {
    @Override
    public Picture apply(Picture picture, boolean blackMargins) {
      return picture;
    }
  };

  /** A margin of which three quarters are lighter than this is paper. */
  private static final int LIGHT = 127;

  /** Of the margins of MNIST and FashionMNIST few medians are above 0. */
  private static final int DARK = 32;

  private final String label;

  Invert(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /**
   * Inverts a picture, or not.
   *
   * @param blackMargins whether the images that the model knows have empty, black margins
   * @return the picture, or another one with a note
   */
  public abstract Picture apply(Picture picture, boolean blackMargins);

  private static Picture inverted(Picture picture) {
    byte[] pixels = new byte[picture.pixels().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ~picture.pixels()[i];
    }
    return new Picture(
        picture.height(),
        picture.width(),
        picture.channels(),
        pixels,
        picture.noted("inverted, light for dark"));
  }

  private static Picture noted(Picture picture, String note) {
    return new Picture(
        picture.height(),
        picture.width(),
        picture.channels(),
        picture.pixels(),
        picture.noted(note));
  }

  /** The brightness of the outermost pixels, ascending; corners count twice. */
  private static int[] margin(Picture picture) {
    int height = picture.height();
    int width = picture.width();
    int[] margin = new int[2 * (height + width)];
    for (int x = 0; x < width; x++) {
      margin[x] = brightness(picture, x);
      margin[width + x] = brightness(picture, (height - 1) * width + x);
    }
    for (int y = 0; y < height; y++) {
      margin[2 * width + y] = brightness(picture, y * width);
      margin[2 * width + height + y] = brightness(picture, y * width + width - 1);
    }
    Arrays.sort(margin);
    return margin;
  }

  private static int brightness(Picture picture, int pixel) {
    int sum = 0;
    for (int c = 0; c < picture.channels(); c++) {
      sum += picture.pixels()[pixel * picture.channels() + c] & 0xff;
    }
    return sum / picture.channels();
  }
}
