package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnedImagesTest {

  private static ImageSet images(int height, int width, int channels, int... pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    int count = pixels.length / (height * width * channels);
    return ImageSet.of(bytes, new byte[count], height, width, channels);
  }

  private static int[] pixels(ImageSet images, int image) {
    byte[] bytes = new byte[images.imageBytes()];
    images.copyImage(image, bytes, 0);
    int[] pixels = new int[bytes.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = bytes[i] & 0xff;
    }
    return pixels;
  }

  private static ImageSet turned(ImageSet images, double degrees) {
    return new TurnedImages(images, Turn.by(degrees), false).toSet();
  }

  private static ImageSet noise(int side, int channels) {
    byte[] pixels = new byte[3 * side * side * channels];
    new Random(4).nextBytes(pixels);
    return ImageSet.of(pixels, new byte[] {5, 0, (byte) 200}, side, side, channels);
  }

  /** {@code numpy.rot90(numpy.arange(1, 10).reshape(3, 3), k)} for k = 1, 2, 3. */
  @Test
  void quarterTurnsAreThoseOfNumpy() {
    ImageSet image = images(3, 3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9);

    assertThat(pixels(turned(image, 90), 0)).containsExactly(3, 6, 9, 2, 5, 8, 1, 4, 7);
    assertThat(pixels(turned(image, 180), 0)).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1);
    assertThat(pixels(turned(image, 270), 0)).containsExactly(7, 4, 1, 8, 5, 2, 9, 6, 3);
    assertThat(pixels(turned(image, -90), 0)).isEqualTo(pixels(turned(image, 270), 0));
    assertThat(pixels(turned(image, 360 * 100_000_000_000.0 + 90), 0))
        .isEqualTo(pixels(turned(image, 90), 0));
  }

  @Test
  void theColumnsAreReversedBeforeTheTurn() {
    ImageSet image = images(2, 2, 1, 1, 2, 3, 4);

    assertThat(pixels(new TurnedImages(image, new Turn(0, true), false).toSet(), 0))
        .containsExactly(2, 1, 4, 3);
    assertThat(pixels(new TurnedImages(image, new Turn(90, true), false).toSet(), 0))
        .containsExactly(1, 3, 2, 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 7})
  void fourQuartersAreTheIdentity(int side) {
    for (int channels : new int[] {1, 3}) {
      ImageSet images = noise(side, channels);
      ImageSet found = images;
      for (int quarter = 1; quarter <= 4; quarter++) {
        found = turned(found, 90);
        for (int i = 0; i < images.size(); i++) {
          assertThat(pixels(found, i)).isEqualTo(pixels(turned(images, 90 * quarter), i));
        }
      }
      for (int i = 0; i < images.size(); i++) {
        assertThat(pixels(found, i)).isEqualTo(pixels(images, i));
        assertThat(found.label(i)).isEqualTo(images.label(i));
      }
    }
  }

  @Test
  void valuesBetweenPixelsAreBilinear() {
    ImageSet image = images(3, 3, 1, 10, 20, 30, 40, 50, 60, 70, 80, 90);

    // The upper left corner comes from row 1 - 1.4142, column 1: 0.5858 x 20 of the top row.
    // The upper middle comes from row and column 1 - 0.7071 and 1 + 0.7071:
    // 0.7071 (0.2929 x 20 + 0.7071 x 30) + 0.2929 (0.2929 x 50 + 0.7071 x 60) = 35.86.
    assertThat(pixels(turned(image, 45), 0)).containsExactly(12, 36, 35, 22, 50, 78, 23, 64, 47);
  }

  @Test
  void zerosEnterAndPixelsRoundToTheNearestByte() {
    ImageSet white = images(2, 2, 1, 255, 255, 255, 255);

    // From 0.5 +- 0.7071 along an axis, half way across: 255 (1 - 0.2071) = 202.19.
    assertThat(pixels(turned(white, 45), 0)).containsExactly(202, 202, 202, 202);
  }

  @Test
  void framesNeedNotBeSquare() {
    ImageSet image = images(1, 3, 1, 7, 8, 9);

    assertThat(pixels(turned(image, 180), 0)).containsExactly(9, 8, 7);
    assertThat(pixels(turned(image, 90), 0)).containsExactly(0, 8, 0);
  }

  @Test
  void outsideOfTheDiscIsBlackAtEveryAngle() {
    byte[] grey = new byte[8 * 8];
    Arrays.fill(grey, (byte) 100);
    ImageSet image = ImageSet.of(grey, new byte[1], 8, 8, 1);
    int[] still = pixels(new TurnedImages(image, Turn.by(0), true).toSet(), 0);

    assertThat(still[0]).isZero();
    assertThat(still[3]).isEqualTo(100);
    for (int degrees = 15; degrees < 360; degrees += 15) {
      int[] found = pixels(new TurnedImages(image, Turn.by(degrees), true).toSet(), 0);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i] == 0).isEqualTo(still[i] == 0);
      }
    }
  }

  @Test
  void anglesAreFinite() {
    assertThatThrownBy(() -> Turn.by(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An angle of NaN: must be a finite number.");
  }
}
