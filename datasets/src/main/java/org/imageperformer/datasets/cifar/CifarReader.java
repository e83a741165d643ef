package org.imageperformer.datasets.cifar;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageCollector;
import org.imageperformer.datasets.cache.ImageReading;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.files.Md5;
import org.imageperformer.datasets.resize.Resize;

/**
 * Reads files of CIFAR-10's binary version: records of a label and the planes R, G, B of 32x32
 * pixels.
 *
 * @param reading takes the images
 * @param imageSize rows and columns they are resized to
 * @param classes labels must be below this
 */
record CifarReader(ImageReading reading, int imageSize, int classes) {
  static final int RECORD_BYTES = 1 + 3 * 32 * 32;
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;

  /** One file's images. */
  record Batch(ReadImages.OfFile images, SourceFile source) {}

  /**
   * Reads a file.
   *
   * @param in its content, not closed here
   * @param bytes how long it is
   * @param likelyBytes how long it is likely to be, when {@code bytes} is only a claim
   * @throws DatasetException if it is not made of whole records with labels of its classes
   */
  Batch read(String name, String file, InputStream in, long bytes, long likelyBytes)
      throws IOException {
    long count = bytes / RECORD_BYTES;
    if (count < 1 || bytes % RECORD_BYTES != 0) {
      throw DatasetException.mismatch(
          file,
          "whole records of " + RECORD_BYTES + " bytes",
          bytes + " bytes, which is " + count + " records and " + bytes % RECORD_BYTES + " bytes",
          "Copy or download the file again.");
    }
    if (bytes > ImageSet.MAX_ARRAY) {
      throw DatasetException.mismatch(
          file, "at most 2047 MiB", (bytes >> 20) + " MiB", "Copy or download the file again.");
    }
    MessageDigest md5 = Md5.digest();
    UnaryOperator<byte[]> resize = Resize.each(SIDE, SIDE, 3, imageSize, imageSize);
    ImageCollector collector = reading.begin(file, (int) count, likelyBytes / RECORD_BYTES);
    byte[] labels = new byte[(int) count];
    byte[] record = new byte[RECORD_BYTES];
    byte[] image = new byte[3 * PLANE];
    for (int i = 0; i < count; i++) {
      int read = in.readNBytes(record, 0, RECORD_BYTES);
      if (read < RECORD_BYTES) {
        throw DatasetException.mismatch(
            file,
            bytes + " bytes",
            (long) i * RECORD_BYTES + read + " bytes: the file is truncated",
            "Copy or download it again.");
      }
      md5.update(record);
      labels[i] = record[0];
      DatasetException.checkLabel(file, "record", i, record[0], classes);
      for (int pixel = 0; pixel < PLANE; pixel++) {
        image[3 * pixel] = record[1 + pixel];
        image[3 * pixel + 1] = record[1 + PLANE + pixel];
        image[3 * pixel + 2] = record[1 + 2 * PLANE + pixel];
      }
      collector.add(resize.apply(image));
    }
    return new Batch(collector.finish(labels), new SourceFile(name, file, Md5.hex(md5)));
  }
}
