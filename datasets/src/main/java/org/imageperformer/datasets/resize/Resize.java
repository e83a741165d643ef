package org.imageperformer.datasets.resize;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.ImageSet;

/**
 * Bilinear resizing of 8-bit images, pixel for pixel as Pillow's {@code Image.resize(size,
 * BILINEAR)} does it (data.md): half-pixel centres, smoothed when shrinking, rounded to 8 bits.
 */
public final class Resize {
  private Resize() {}

  /**
   * Resizes every image of a set.
   *
   * @param images any size
   * @param height new rows
   * @param width new columns
   * @return new images with the same labels, or the same set if it has that size already
   * @throws IllegalArgumentException if a size is below 1 or the result exceeds 2 GiB
   */
  public static ImageSet bilinear(ImageSet images, int height, int width) {
    if (images.height() == height && images.width() == width) {
      return images;
    }
    int imageBytes = bytes(height, width, images.channels());
    long total = (long) images.size() * imageBytes;
    if (total > ImageSet.MAX_ARRAY) {
      throw new IllegalArgumentException(
          "%s resized to %sx%s need %s bytes, over 2 GiB.".formatted(images, height, width, total));
    }
    Resampler resampler =
        new Resampler(images.height(), images.width(), images.channels(), height, width);
    byte[] source = new byte[images.imageBytes()];
    byte[] target = new byte[(int) total];
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, source, 0);
      resampler.resize(source, 0, target, i * imageBytes);
      labels[i] = (byte) images.label(i);
    }
    return ImageSet.over(
        List.of(ByteBuffer.wrap(target)), labels, height, width, images.channels());
  }

  /**
   * Resizes one image.
   *
   * @param image {@code [height, width, channels]}, not changed
   * @param height rows of the image
   * @param width columns of the image
   * @param channels values per pixel
   * @param newHeight rows of the result
   * @param newWidth columns of the result
   * @return a new array, {@code [newHeight, newWidth, channels]}
   * @throws IllegalArgumentException if a size is below 1, the array has another length, or the
   *     result exceeds 2 GiB
   */
  public static byte[] bilinear(
      byte[] image, int height, int width, int channels, int newHeight, int newWidth) {
    int expected = bytes(height, width, channels);
    if (image.length != expected) {
      throw new IllegalArgumentException(
          "An image of %sx%sx%s needs %s bytes, found %s."
              .formatted(height, width, channels, expected, image.length));
    }
    byte[] resized = each(height, width, channels, newHeight, newWidth).apply(image);
    return resized == image ? image.clone() : resized;
  }

  /**
   * Resizes one image after the other, faster than {@link #bilinear} one by one.
   *
   * @param height rows of each image
   * @param width columns of each image
   * @param channels values per pixel
   * @param newHeight rows of the results
   * @param newWidth columns of the results
   * @return takes {@code [height, width, channels]}, gives {@code [newHeight, newWidth, channels]}
   *     in the same array every time, or the image itself if it has that size already; not safe for
   *     use by several threads at once
   * @throws IllegalArgumentException if a size is below 1 or the result exceeds 2 GiB
   */
  public static UnaryOperator<byte[]> each(
      int height, int width, int channels, int newHeight, int newWidth) {
    if (height == newHeight && width == newWidth) {
      return UnaryOperator.identity();
    }
    byte[] target = new byte[bytes(newHeight, newWidth, channels)];
    bytes(height, newWidth, channels); // the intermediate image must fit as well
    Resampler resampler = new Resampler(height, width, channels, newHeight, newWidth);
    return image -> {
      resampler.resize(image, 0, target, 0);
      return target;
    };
  }

  private static int bytes(int height, int width, int channels) {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "An image of " + height + "x" + width + "x" + channels + ": sizes must be at least 1.");
    }
    long limit = ImageSet.MAX_ARRAY;
    if ((long) height * width > limit / channels) {
      throw new IllegalArgumentException(
          "An image of " + height + "x" + width + "x" + channels + " exceeds 2 GiB.");
    }
    return height * width * channels;
  }
}
