package org.imageperformer.datasets.idx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.files.Md5;

/** Makes the content of IDX files. */
public final class IdxFiles {
  private IdxFiles() {}

  public static byte[] images(ImageSet images) {
    ByteBuffer content = ByteBuffer.allocate(16 + images.size() * images.imageBytes());
    content.putInt(2051).putInt(images.size()).putInt(images.height()).putInt(images.width());
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, content);
    }
    return content.array();
  }

  public static byte[] labels(ImageSet images) {
    ByteBuffer content = ByteBuffer.allocate(8 + images.size());
    content.putInt(2049).putInt(images.size());
    for (int i = 0; i < images.size(); i++) {
      content.put((byte) images.label(i));
    }
    return content.array();
  }

  /** Random images with labels 0..9. */
  public static ImageSet random(int count, int height, int width, int channels, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * height * width * channels];
    random.nextBytes(pixels);
    int[] labels = random.ints(count, 0, 10).toArray();
    return ImageSet.of(pixels, labels, height, width, channels);
  }

  /** The four plain files of a data set. */
  public static void write(Path folder, ImageSet train, ImageSet test) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("train-images-idx3-ubyte"), images(train));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(train));
    Files.write(folder.resolve("t10k-images-idx3-ubyte"), images(test));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels(test));
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public static String md5(byte[] content) {
    MessageDigest digest = Md5.digest();
    digest.update(content);
    return Md5.hex(digest);
  }
}
