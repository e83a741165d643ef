package org.imageperformer.datasets.amat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringTokenizer;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;

/**
 * A text of images: a line each, its pixels row by row as numbers from 0 to 1, then its class, with
 * blanks between.
 */
final class AmatReader {
  private static final int LONGEST_LINE = 1 << 16;
  private static final String AGAIN = "Copy or download the file again.";

  private final String file;
  private final InputStream in;
  private final int height;
  private final int width;
  private final int pixels;
  private final int classes;
  private int line;

  /**
   * A reader that stands at the beginning.
   *
   * @param file what messages call it
   * @param in its content, buffered; not closed here
   * @param height rows of an image
   * @param width columns of an image
   * @param classes labels must be below this
   */
  AmatReader(String file, InputStream in, int height, int width, int classes) {
    this.file = file;
    this.in = in;
    this.height = height;
    this.width = width;
    this.pixels = height * width;
    this.classes = classes;
  }

  /**
   * Reads to the end.
   *
   * @param most images that are expected at most
   * @return the images, gray
   * @throws DatasetException naming the line that is wrong
   */
  ImageSet read(int most) throws IOException {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    byte[] image = new byte[pixels];
    for (String text = next(); text != null; text = next()) {
      if (text.isBlank()) {
        continue;
      }
      if (labels.size() == most) {
        throw problem("at most " + most + " images", "more");
      }
      labels.write(parse(text, image));
      images.writeBytes(image);
    }
    if (labels.size() == 0) {
      throw problem("images", "none");
    }
    return ImageSet.over(
        List.of(ByteBuffer.wrap(images.toByteArray())), labels.toByteArray(), height, width, 1);
  }

  /** The next line without its end, which may be missing in the last one; null after that. */
  private String next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(pixels * 16);
    int read = in.read();
    if (read < 0) {
      return null;
    }
    line++;
    for (; read >= 0 && read != '\n'; read = in.read()) {
      bytes.write(read);
      if (bytes.size() > LONGEST_LINE) {
        throw problem("a line of at most " + LONGEST_LINE + " characters", "a longer one");
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Fills the image; returns the label. */
  private int parse(String text, byte[] image) {
    StringTokenizer numbers = new StringTokenizer(text);
    int count = numbers.countTokens();
    if (count != pixels + 1) {
      throw problem(pixels + 1 + " numbers, the last one the class", Integer.toString(count));
    }
    for (int i = 0; i < pixels; i++) {
      double value = number(numbers.nextToken());
      if (!(value >= 0 && value <= 1)) {
        throw problem("pixels from 0 to 1", Double.toString(value));
      }
      image[i] = (byte) Math.min(255, (int) Math.rint(256 * value));
    }
    double label = number(numbers.nextToken());
    if (!(label >= 0 && label < classes && label == Math.rint(label))) {
      throw problem("a class within 0.." + (classes - 1), Double.toString(label));
    }
    return (int) label;
  }

  private double number(String text) {
    // Java's own parser would take hexadecimal numbers and letters at the end.
    if (text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
      return Double.parseDouble(text);
    }
    throw problem(
        "numbers", "'" + (text.length() > 20 ? text.substring(0, 20) + "..." : text) + "'");
  }

  private DatasetException problem(String expected, String found) {
    return DatasetException.mismatch(file + ", line " + line, expected, found, AGAIN);
  }
}
