package org.imageperformer.tools.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.imageperformer.datasets.ImageSet;

/**
 * An image of a data set, to stand within a page.
 *
 * @param uri the PNG file itself, as an address
 * @param width in pixels
 * @param height in pixels
 */
record Png(String uri, int width, int height) {
  static Png of(ImageSet images, int index) {
    int width = images.width();
    int height = images.height();
    byte[] pixels = new byte[images.imageBytes()];
    images.copyImage(index, pixels, 0);
    boolean gray = images.channels() == 1;
    // Through the raster, by band: a gray value set as a colour would be converted.
    BufferedImage image =
        new BufferedImage(
            width, height, gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    image.getRaster().setDataElements(0, 0, width, height, pixels);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", file)) {
        throw new IllegalStateException("this Java has no writer for PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String base64 = Base64.getEncoder().encodeToString(file.toByteArray());
    return new Png("data:image/png;base64," + base64, width, height);
  }
}
