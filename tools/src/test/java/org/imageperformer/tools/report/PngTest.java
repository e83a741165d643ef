package org.imageperformer.tools.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.imageperformer.datasets.ImageSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngTest {
  private static final int HEIGHT = 3;
  private static final int WIDTH = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyPixelComesBack(int channels) throws IOException {
    byte[] pixels = new byte[2 * HEIGHT * WIDTH * channels];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37 + 11);
    }
    ImageSet images = ImageSet.of(pixels, new int[] {0, 1}, HEIGHT, WIDTH, channels);

    Png png = Png.of(images, 1);

    String prefix = "data:image/png;base64,";
    assertThat(png.uri()).startsWith(prefix);
    BufferedImage read =
        ImageIO.read(
            new ByteArrayInputStream(
                Base64.getDecoder().decode(png.uri().substring(prefix.length()))));
    assertThat(png.width()).isEqualTo(read.getWidth()).isEqualTo(WIDTH);
    assertThat(png.height()).isEqualTo(read.getHeight()).isEqualTo(HEIGHT);
    assertThat(read.getRaster().getNumBands()).isEqualTo(channels);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        for (int c = 0; c < channels; c++) {
          assertThat(read.getRaster().getSample(x, y, c))
              .isEqualTo(pixels[((HEIGHT + y) * WIDTH + x) * channels + c] & 0xff);
        }
      }
    }
  }
}
