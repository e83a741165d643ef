package org.imageperformer.datasets.idx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.cache.ImageCollector;
import org.imageperformer.datasets.cache.ImageReading;
import org.imageperformer.datasets.files.ContentStream;
import org.imageperformer.datasets.resize.Resize;

/** The IDX format of MNIST's files: a big-endian header, then one byte per value. */
final class IdxReader {
  private static final int LABELS = 0x00000801;
  private static final int IMAGES = 0x00000803;
  private static final int MAX_SIDE = 1024;
  private static final String AGAIN = "Copy or download the file again.";

  private IdxReader() {}

  /**
   * Reads an image file to its end.
   *
   * @return the images, [imageSize, imageSize] each
   * @throws DatasetException if it is not a whole image file, naming it
   */
  static ImageCollector readImages(ContentStream in, int imageSize, ImageReading reading) {
    int count = header(in, IMAGES, "images");
    int height = side(in, "rows");
    int width = side(in, "columns");
    int imageBytes = height * width;
    long expected = (long) count * imageBytes;
    if (expected > ImageSet.MAX_ARRAY) {
      throw DatasetException.mismatch(
          in.file(),
          "at most 2047 MiB of images",
          "a header that announces " + count + " of " + height + "x" + width,
          AGAIN);
    }
    UnaryOperator<byte[]> resize = Resize.each(height, width, 1, imageSize, imageSize);
    ImageCollector collector = reading.begin(in.file(), count, in.likelyBytes() / imageBytes);
    byte[] image = new byte[imageBytes];
    for (int i = 0; i < count; i++) {
      int read = in.read(image);
      if (read < imageBytes) {
        throw tooShort(in, expected, (long) i * imageBytes + read, count + " images");
      }
      collector.add(resize.apply(image));
    }
    checkEnd(in, expected, count + " images of " + height + "x" + width);
    return collector;
  }

  /**
   * Reads a label file to its end.
   *
   * @param classes labels must be below this
   * @throws DatasetException if it is not a whole label file of that many classes, naming it
   */
  static byte[] readLabels(ContentStream in, int classes) {
    int count = header(in, LABELS, "labels");
    byte[] labels = new byte[0];
    byte[] chunk = new byte[1 << 16];
    int used = 0;
    while (used < count) {
      // In chunks: a header may announce more than the file holds.
      byte[] part = count - used < chunk.length ? new byte[count - used] : chunk;
      int read = in.read(part);
      if (read < part.length) {
        throw tooShort(in, count, (long) used + read, count + " labels");
      }
      if (used + read > labels.length) {
        labels = Arrays.copyOf(labels, (int) Math.min(count, 2L * (used + read)));
      }
      System.arraycopy(part, 0, labels, used, read);
      used += read;
    }
    checkEnd(in, count, count + " labels");
    for (int i = 0; i < count; i++) {
      DatasetException.checkLabel(in.file(), "label", i, labels[i], classes);
    }
    return labels;
  }

  private static int header(ContentStream in, int magic, String things) {
    byte[] start = new byte[4];
    int read = in.read(start);
    if (read < 4) {
      throw DatasetException.mismatch(
          in.file(), "an IDX file of " + things, read + " bytes", AGAIN);
    }
    int found = ByteBuffer.wrap(start).getInt();
    if (found != magic) {
      throw DatasetException.mismatch(
          in.file(),
          "the magic number " + magic + " of an IDX file of " + things,
          describe(found, start),
          found == LABELS || found == IMAGES ? "Image and label file seem to be swapped." : AGAIN);
    }
    int count = integer(in, "count of " + things);
    if (count < 1) {
      throw DatasetException.mismatch(
          in.file(), "at least one of its " + things, "a count of " + count, AGAIN);
    }
    return count;
  }

  private static String describe(int magic, byte[] start) {
    if (magic == LABELS) {
      return magic + ", an IDX file of labels";
    }
    if (magic == IMAGES) {
      return magic + ", an IDX file of images";
    }
    for (byte b : start) {
      if (b < 0x20 || b > 0x7e) {
        return Integer.toString(magic);
      }
    }
    return "text that begins with '" + new String(start, StandardCharsets.US_ASCII) + "'";
  }

  private static int side(ContentStream in, String what) {
    int side = integer(in, what);
    if (side < 1 || side > MAX_SIDE) {
      throw DatasetException.mismatch(
          in.file(), "1 to " + MAX_SIDE + " " + what, Integer.toString(side), AGAIN);
    }
    return side;
  }

  private static int integer(ContentStream in, String what) {
    byte[] bytes = new byte[4];
    if (in.read(bytes) < 4) {
      throw DatasetException.mismatch(
          in.file(), "the " + what + " in its header", "the end of the file", AGAIN);
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  private static DatasetException tooShort(
      ContentStream in, long expected, long found, String holds) {
    return DatasetException.mismatch(
        in.file(),
        expected + " bytes after the header, which announces " + holds,
        found + " bytes: the file is truncated",
        AGAIN);
  }

  private static void checkEnd(ContentStream in, long expected, String holds) {
    if (!in.atEnd()) {
      throw DatasetException.mismatch(
          in.file(), expected + " bytes after the header, which announces " + holds, "more", AGAIN);
    }
  }
}
