package org.imageperformer.datasets.amat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmatReaderTest {
  private static ImageSet read(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new AmatReader("f.amat", new ByteArrayInputStream(bytes), 2, 2, 10).read(3);
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(message);
  }

  /** Bytes are round(256 x), ties to even, and 1 is the last one. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 255",
    "1.0000000e+00, 255",
    "0.99609375, 255",
    "0.5, 128",
    "0.001953125, 0",
    "0.005859375, 2",
    ".25, 64",
    "9.7656250e-04, 0",
    "0.998, 255"
  })
  void roundsPixels(String pixel, int expected) throws IOException {
    assertThat(read(pixel + " 0 0 0 7\n").image(0).get(0) & 0xff).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 .5 0 1 3\n1 0 0 0 9\n",
        "0 .5 0 1 3\n1 0 0 0 9",
        "0 .5 0 1 3\r\n1 0 0 0 9\r\n",
        "   0   .5   0\t1   3  \n\n   1   0   0   0   9   \n\n",
        "0e0 5.0000000e-01 0 1 3.0000000e+00\n1 0 0 0 9.0"
      })
  void readsLinesOfAnyForm(String text) throws IOException {
    ImageSet images = read(text);
    assertThat(images.size()).isEqualTo(2);
    assertThat(images.label(0)).isEqualTo(3);
    assertThat(images.label(1)).isEqualTo(9);
    assertThat(images.image(0)).isEqualTo(ByteBuffer.wrap(new byte[] {0, -128, 0, -1}));
    assertThat(images.image(1)).isEqualTo(ByteBuffer.wrap(new byte[] {-1, 0, 0, 0}));
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 0 3, 'line 2: expected 5 numbers, the last one the class, found 4'",
    "0 0 0 0 0 3, found 6",
    "0 0 NaN 0 3, NaN",
    "0 0 abc 0 3, abc",
    "0 0 0x1p0 0 3, 0x1p0",
    "0 0 1f 0 3, 1f",
    "0 0 1.5 0 3, 'expected pixels from 0 to 1, found 1.5'",
    "0 0 -0.1 0 3, found -0.1",
    "0 0 1e999 0 3, found Infinity",
    "0 0 0 0 10, 'expected a class within 0..9, found 10.0'",
    "0 0 0 0 -1, found -1.0",
    "0 0 0 0 2.5, found 2.5",
  })
  void namesTheLineThatIsWrong(String line, String message) {
    assertRefused("0 0 0 0 1\n" + line + "\n0 0 0 0 1\n", message);
    assertRefused("0 0 0 0 1\n" + line, "f.amat, line 2: expected ");
    assertRefused("0 0 0 0 1\r\n" + line + "\r\n", "f.amat, line 2: expected ");
  }

  @Test
  void refusesWhatHasNoEnd() {
    assertRefused("", "found none");
    assertRefused("\n\n", "found none");
    assertRefused("0 ".repeat(100_000), "line 1: expected a line of at most 65536 characters");
    assertRefused("0 0 0 0 1\n".repeat(4), "line 4: expected at most 3 images");
  }
}
