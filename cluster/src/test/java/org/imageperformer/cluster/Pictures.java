package org.imageperformer.cluster;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures that look a little like digits. */
final class Pictures {
  /** A model that ships with the project. */
  static final String MODEL =
      Path.of("..", "pretrained", "performer-mnist").toAbsolutePath().normalize().toString();

  private Pictures() {}

  /**
   * Draws strokes, light on dark, in a few folders.
   *
   * @return their names, relative to the folder's parent
   */
  static List<String> draw(Path folder, int count) throws IOException {
    Random random = new Random(5);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      int x = 6 + random.nextInt(14);
      int slope = random.nextInt(3) - 1;
      int gap = random.nextInt(20);
      for (int y = 4; y < 24; y++) {
        int column = Math.min(25, Math.max(2, x + slope * (y - 14) / 3));
        if (y - 4 != gap) {
          image.setRGB(column, y, 0xffffff);
          image.setRGB(column + 1, y, 0xc0c0c0);
        }
      }
      Path file = folder.resolve("part" + i % 3).resolve("picture%05d.png".formatted(i));
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
      names.add(folder.getParent().relativize(file).toString());
    }
    return names;
  }
}
