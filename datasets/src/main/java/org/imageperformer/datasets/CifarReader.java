package org.imageperformer.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * One file of CIFAR-10's binary version: records of a label and the planes R, G, B of 32x32 pixels.
 */
final class CifarReader {
  static final int RECORD_BYTES = 1 + 3 * 32 * 32;
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;

  private CifarReader() {}

  /** One file's images. */
  record Batch(ImageSet images, SourceFile source) {}

  /**
   * Reads a file.
   *
   * @param in its content, not closed here
   * @param bytes how long it is
   * @param likelyBytes how long it is likely to be, when {@code bytes} is only a claim
   * @throws DatasetException if it is not made of whole records with labels below {@code classes}
   */
  static Batch read(
      String name,
      String file,
      InputStream in,
      long bytes,
      long likelyBytes,
      int imageSize,
      int classes)
      throws IOException {
    long count = bytes / RECORD_BYTES;
    if (count < 1 || bytes % RECORD_BYTES != 0) {
      throw DatasetException.mismatch(
          file,
          "whole records of " + RECORD_BYTES + " bytes",
          bytes + " bytes, which is " + count + " records and " + bytes % RECORD_BYTES + " bytes",
          "Copy or download the file again.");
    }
    if (bytes > PixelCollector.MAX_BYTES) {
      throw DatasetException.mismatch(
          file, "at most 2047 MiB", (bytes >> 20) + " MiB", "Copy or download the file again.");
    }
    MessageDigest md5 = Md5.digest();
    PixelCollector collector =
        new PixelCollector(file, (int) count, SIDE, SIDE, 3, imageSize, likelyBytes / RECORD_BYTES);
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
      IdxReader.checkLabel(file, "record", i, record[0] & 0xff, classes);
      for (int pixel = 0; pixel < PLANE; pixel++) {
        image[3 * pixel] = record[1 + pixel];
        image[3 * pixel + 1] = record[1 + PLANE + pixel];
        image[3 * pixel + 2] = record[1 + 2 * PLANE + pixel];
      }
      collector.add(image);
    }
    ImageSet images = new ImageSet(collector.finish(), labels, imageSize, imageSize, 3);
    return new Batch(images, new SourceFile(name, file, Md5.hex(md5)));
  }
}
