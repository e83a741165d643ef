package org.imageperformer.datasets.folder;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures for tests. */
public final class PictureFiles {
  private PictureFiles() {}

  /** A picture of noise that follows from a number. */
  public static BufferedImage noise(int width, int height, int type, long seed) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(seed);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt() | 0xff000000);
      }
    }
    return image;
  }

  /** Encodes a picture. */
  public static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, bytes)) {
      throw new IOException("no writer for " + format);
    }
    return bytes.toByteArray();
  }

  /** Writes a file and the folders above it. */
  public static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** Writes {@code count} gray PNGs, {@code 0.png} and so on, each another. */
  public static void write(Path folder, int count, int side, long seed) throws IOException {
    for (int i = 0; i < count; i++) {
      BufferedImage image = noise(side, side, BufferedImage.TYPE_BYTE_GRAY, seed * 1000 + i);
      write(folder.resolve(i + ".png"), encoded(image, "png"));
    }
  }
}
