package org.imageperformer.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Makes the content of IDX files. */
final class IdxFiles {
  private IdxFiles() {}

  static byte[] images(ImageSet images) {
    ByteBuffer content = ByteBuffer.allocate(16 + images.size() * images.imageBytes());
    content.putInt(2051).putInt(images.size()).putInt(images.height()).putInt(images.width());
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, content);
    }
    return content.array();
  }

  static byte[] labels(ImageSet images) {
    ByteBuffer content = ByteBuffer.allocate(8 + images.size());
    content.putInt(2049).putInt(images.size());
    for (int i = 0; i < images.size(); i++) {
      content.put((byte) images.label(i));
    }
    return content.array();
  }

  /** Random images with labels 0..9. */
  static ImageSet random(int count, int height, int width, int channels, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * height * width * channels];
    random.nextBytes(pixels);
    int[] labels = random.ints(count, 0, 10).toArray();
    return ImageSet.of(pixels, labels, height, width, channels);
  }

  /** The four plain files of a data set. */
  static void write(Path folder, ImageSet train, ImageSet test) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("train-images-idx3-ubyte"), images(train));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(train));
    Files.write(folder.resolve("t10k-images-idx3-ubyte"), images(test));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels(test));
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static String md5(byte[] content) {
    MessageDigest digest = Md5.digest();
    digest.update(content);
    return Md5.hex(digest);
  }
}
