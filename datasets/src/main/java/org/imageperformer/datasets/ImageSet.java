package org.imageperformer.datasets;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * Labelled images of one size, as bytes: {@code [image, height, width, channel]}, values 0..255,
 * labels 0..255. Immutable and safe to share between threads; subsets share the pixels.
 *
 * <p>The pixels lie in arrays, or in a file mapped into memory ({@code cache/}). Java 17 cannot end
 * a mapping; it ends when the garbage collector finds that no set, and no view of an image, reads
 * it any more. So a set is not closed, and the mapped file must not be changed or cut meanwhile
 * (deleting it is harmless, but Windows refuses to).
 */
public final class ImageSet {
  /** The longest array that every JVM can make, in bytes. */
  public static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final Pixels pixels;
  private final byte[] labels;
  private final int[] index; // null: every image in order
  private final int height;
  private final int width;
  private final int channels;

  private ImageSet(Pixels pixels, byte[] labels, int[] index, int height, int width, int channels) {
    this.pixels = pixels;
    this.labels = labels;
    this.index = index;
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  /**
   * Makes a set of a user's own images. The arrays are copied.
   *
   * @param pixels {@code [image, height, width, channel]}, one byte each, 0..255
   * @param labels class of each image, 0..255
   * @param height rows
   * @param width columns
   * @param channels values per pixel, 1 or 3
   * @return the set
   * @throws IllegalArgumentException if the lengths do not fit together
   */
  public static ImageSet of(byte[] pixels, byte[] labels, int height, int width, int channels) {
    checkLengths(pixels.length, labels.length, height, width, channels);
    return over(List.of(ByteBuffer.wrap(pixels.clone())), labels.clone(), height, width, channels);
  }

  /**
   * Makes a set of a user's own images. The arrays are copied.
   *
   * @param pixels {@code [image, height, width, channel]}, one byte each, 0..255
   * @param labels class of each image, 0..255
   * @param height rows
   * @param width columns
   * @param channels values per pixel, 1 or 3
   * @return the set
   * @throws IllegalArgumentException if the lengths do not fit together or a label is out of range
   */
  public static ImageSet of(byte[] pixels, int[] labels, int height, int width, int channels) {
    checkLengths(pixels.length, labels.length, height, width, channels);
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] > 255) {
        throw new IllegalArgumentException(
            "Label " + labels[i] + " of image " + i + " is not within 0..255.");
      }
      bytes[i] = (byte) labels[i];
    }
    return over(List.of(ByteBuffer.wrap(pixels.clone())), bytes, height, width, channels);
  }

  /**
   * Makes a set of images that may exceed one array. Nothing is copied: the caller leaves buffers
   * and labels as they are from now on.
   *
   * @param buffers {@code [image, height, width, channel]}, each with whole images from position 0
   *     to its limit
   * @param labels class of each image, 0..255
   * @param height rows
   * @param width columns
   * @param channels values per pixel, 1 or 3
   * @return the set
   * @throws IllegalArgumentException if the lengths do not fit together
   */
  public static ImageSet over(
      List<ByteBuffer> buffers, byte[] labels, int height, int width, int channels) {
    long bytes = buffers.stream().mapToLong(ByteBuffer::limit).sum();
    checkLengths(bytes, labels.length, height, width, channels);
    int imageBytes = height * width * channels;
    List<ByteBuffer> filled = buffers.stream().filter(buffer -> buffer.limit() > 0).toList();
    if (filled.stream().anyMatch(buffer -> buffer.limit() % imageBytes != 0)) {
      throw new IllegalArgumentException(
          "Buffers of images of " + imageBytes + " bytes: expected whole images in each.");
    }
    return new ImageSet(new Pixels(filled, imageBytes), labels, null, height, width, channels);
  }

  private static void checkLengths(long pixels, int labels, int height, int width, int channels) {
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "Images of %sx%sx%s: height and width must be at least 1, channels 1 or 3."
              .formatted(height, width, channels));
    }
    long expected = (long) height * width * channels * labels;
    if (pixels != expected) {
      throw new IllegalArgumentException(
          "%s labels and images of %sx%sx%s need %s bytes of pixels, found %s."
              .formatted(labels, height, width, channels, expected, pixels));
    }
  }

  /** Number of images. */
  public int size() {
    return index == null ? labels.length : index.length;
  }

  /** Rows of each image. */
  public int height() {
    return height;
  }

  /** Columns of each image. */
  public int width() {
    return width;
  }

  /** Values per pixel: 1 for gray, 3 for RGB. */
  public int channels() {
    return channels;
  }

  /** Bytes of one image: height * width * channels. */
  public int imageBytes() {
    return height * width * channels;
  }

  /**
   * The class of an image.
   *
   * @param i position, 0 to size - 1
   * @return 0..255
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int i) {
    return labels[stored(i)] & 0xff;
  }

  /**
   * The pixels of an image as a read-only view.
   *
   * @param i position, 0 to size - 1
   * @return {@code [height, width, channels]}, position 0, limit {@link #imageBytes}
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public ByteBuffer image(int i) {
    return pixels.image(stored(i));
  }

  /**
   * Puts the pixels of an image at the target's position, which moves on by {@link #imageBytes}.
   *
   * @param i position, 0 to size - 1
   * @param target with room for one image
   * @throws IndexOutOfBoundsException if there is no such image
   * @throws java.nio.BufferOverflowException if the target has too little room
   */
  public void copyImage(int i, ByteBuffer target) {
    target.put(image(i));
  }

  /**
   * Copies the pixels of an image into an array.
   *
   * @param i position, 0 to size - 1
   * @param target receives {@code [height, width, channels]}
   * @param at where in the target to begin
   * @throws IndexOutOfBoundsException if there is no such image or the target has too little room
   */
  public void copyImage(int i, byte[] target, int at) {
    image(i).get(target, at, imageBytes());
  }

  /**
   * The first images as a view.
   *
   * @param n how many at most
   * @return the first n images, or this set if it has no more
   * @throws IllegalArgumentException if n is negative
   */
  public ImageSet first(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("The first " + n + " images: must not be negative.");
    }
    if (n >= size()) {
      return this;
    }
    int[] chosen = new int[n];
    for (int i = 0; i < n; i++) {
      chosen[i] = stored(i);
    }
    return new ImageSet(pixels, labels, chosen, height, width, channels);
  }

  /**
   * Chosen images, in the given order, as a view: no pixels are copied.
   *
   * @param indices positions in this set; one may occur more than once
   * @return as many images as there are indices
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public ImageSet subset(int[] indices) {
    int[] chosen = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = stored(indices[i]);
    }
    return new ImageSet(pixels, labels, chosen, height, width, channels);
  }

  @Override
  public String toString() {
    return size() + " images of " + shape();
  }

  String shape() {
    return height + "x" + width + "x" + channels;
  }

  /** Whether both sets read the same pixels, which views do. */
  boolean sharesPixels(ImageSet other) {
    return pixels == other.pixels;
  }

  private int stored(int i) {
    Objects.checkIndex(i, size());
    return index == null ? i : index[i];
  }
}
