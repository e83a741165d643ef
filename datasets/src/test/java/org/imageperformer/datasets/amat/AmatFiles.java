package org.imageperformer.datasets.amat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Texts as RotMNIST's authors wrote them. */
public final class AmatFiles {
  public static final String TRAIN = "mnist_all_rotation_normalized_float_train_valid.amat";
  public static final String TEST = "mnist_all_rotation_normalized_float_test.amat";
  public static final String ZIP = "mnist_rotation_new.zip";

  private AmatFiles() {}

  /** One line: pixels as multiples of 1/256, then the class, each with three blanks before it. */
  static String line(int[] pixels, int label) {
    StringBuilder line = new StringBuilder();
    for (int pixel : pixels) {
      line.append(String.format(Locale.ROOT, "   %.7e", pixel / 256.0));
    }
    return line.append(String.format(Locale.ROOT, "   %.7e", (double) label)).toString();
  }

  /** Images of noise, classes in turn. */
  static String text(int images, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < images; i++) {
      int[] pixels = random.ints(784, 0, 256).toArray();
      text.append(line(pixels, i % 10)).append('\n');
    }
    return text.toString();
  }

  /** Writes both texts unpacked. */
  public static void write(Path folder, int train, int test) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(TRAIN), text(train, 1));
    Files.writeString(folder.resolve(TEST), text(test, 2));
  }

  /** Writes both texts into an archive. */
  public static void zip(Path folder, int train, int test) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(TEST));
      zip.write(text(test, 2).getBytes(StandardCharsets.ISO_8859_1));
      zip.putNextEntry(new ZipEntry(TRAIN));
      zip.write(text(train, 1).getBytes(StandardCharsets.ISO_8859_1));
    }
    Files.createDirectories(folder);
    Files.write(folder.resolve(ZIP), bytes.toByteArray());
  }
}
