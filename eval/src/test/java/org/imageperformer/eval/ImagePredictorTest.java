package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.datasets.resize.Resize;
import org.imageperformer.savedmodels.LoadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePredictorTest {

  @TempDir Path folder;

  private Path write(String name, String format, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }

  private static BufferedImage image(int type, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, new Color(x * 5 % 256, y * 11 % 256, (x + y) * 3 % 256).getRGB());
      }
    }
    return image;
  }

  private ImagePredictor predictor(int channels, Fit fit) {
    Path model = TinyRuns.model(folder.resolve("model" + channels), channels, 4, false);
    return ImagePredictor.load(model, LoadOptions.cpu(2), Invert.NO, fit);
  }

  private static void assertPredicted(ImageOutcome outcome, byte[] pixels, int channels) {
    assertThat(outcome).isInstanceOf(ImageOutcome.Predicted.class);
    ImageOutcome.Predicted predicted = (ImageOutcome.Predicted) outcome;
    double[] logits = TinyRuns.logits(pixels, channels, 4);
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    double best = Arrays.stream(logits).max().orElseThrow();
    assertThat(logits[predicted.label()]).isEqualTo(best);
    assertThat(predicted.className()).isEqualTo(Integer.toString(predicted.label()));
    assertThat(predicted.probability()).isCloseTo(Math.exp(best) / sum, within(1e-4));
    assertThat(predicted.probabilities()).hasSize(10);
    assertThat(predicted.probabilities().get(3)).isCloseTo(Math.exp(logits[3]) / sum, within(1e-4));
  }

  @Test
  void classifiesGrayImagesOfTheModelsSize() throws IOException {
    BufferedImage gray = new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = new byte[13 * 7];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31);
      gray.getRaster().setSample(i % 13, i / 13, 0, pixels[i] & 0xff);
    }
    Path file = write("gray.png", "png", gray);
    try (ImagePredictor predictor = predictor(1, Fit.PAD)) {
      List<ImageOutcome> outcomes = predictor.predict(List.of(file, file, file));
      assertThat(outcomes).hasSize(3);
      for (ImageOutcome outcome : outcomes) {
        assertThat(outcome.file()).isEqualTo(file);
        assertPredicted(outcome, pixels, 1);
      }
    }
  }

  @Test
  void decodesAndResizesAsTheDataSetsAre() throws IOException {
    BufferedImage rgb = image(BufferedImage.TYPE_INT_RGB, 29, 23);
    byte[] luma = new byte[29 * 23];
    byte[] color = new byte[3 * 29 * 23];
    for (int i = 0; i < luma.length; i++) {
      Color pixel = new Color(rgb.getRGB(i % 29, i / 29));
      color[3 * i] = (byte) pixel.getRed();
      color[3 * i + 1] = (byte) pixel.getGreen();
      color[3 * i + 2] = (byte) pixel.getBlue();
      // Pillow's fixed point form of 0.299 R + 0.587 G + 0.114 B.
      luma[i] =
          (byte)
              Math.floorDiv(
                  19595 * pixel.getRed()
                      + 38470 * pixel.getGreen()
                      + 7471 * pixel.getBlue()
                      + 32768,
                  65536);
    }
    Path file = write("rgb.png", "png", rgb);
    byte[] gray = Resize.bilinear(luma, 23, 29, 1, 7, 13);
    byte[] three = Resize.bilinear(color, 23, 29, 3, 7, 13);
    try (ImagePredictor predictor = predictor(1, Fit.STRETCH)) {
      assertPredicted(predictor.predict(List.of(file)).get(0), gray, 1);
    }
    try (ImagePredictor predictor = predictor(3, Fit.STRETCH)) {
      assertPredicted(predictor.predict(List.of(file)).get(0), three, 3);
    }
  }

  @Test
  void paddedUnlessAskedToStretch() throws IOException {
    BufferedImage wide = new BufferedImage(26, 7, BufferedImage.TYPE_BYTE_GRAY);
    wide.getRaster().setSample(13, 3, 0, 255);
    Path file = write("wide.png", "png", wide);
    byte[] pixels = new byte[26 * 7];
    pixels[3 * 26 + 13] = (byte) 255;
    byte[] padded = new byte[13 * 7];
    System.arraycopy(Resize.bilinear(pixels, 7, 26, 1, 4, 13), 0, padded, 13, 4 * 13);
    try (ImagePredictor predictor = predictor(1, Fit.PAD)) {
      ImageOutcome outcome = predictor.predict(List.of(file)).get(0);
      assertPredicted(outcome, padded, 1);
      assertThat(notes(outcome)).containsExactly("26x7 padded to 13x7");
    }
    try (ImagePredictor predictor = predictor(1, Fit.STRETCH)) {
      ImageOutcome outcome = predictor.predict(List.of(file)).get(0);
      assertPredicted(outcome, Resize.bilinear(pixels, 7, 26, 1, 7, 13), 1);
      assertThat(notes(outcome)).containsExactly("26x7 stretched to 13x7");
    }
  }

  /** The model's data set is MNIST, whose margins are black. */
  @ParameterizedTest
  @CsvSource({
    "255, AUTO, true, inverted",
    "200, AUTO, true, inverted",
    "90, AUTO, false, its margin is gray (90 of 255)",
    "0, AUTO, false, ''",
    "255, NO, false, ''",
    "0, YES, true, inverted",
  })
  void invertsWhatIsOnPaper(int paper, Invert invert, boolean inverted, String note)
      throws IOException {
    BufferedImage image = new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = new byte[13 * 7];
    for (int i = 0; i < pixels.length; i++) {
      int value = i == 3 * 13 + 6 ? 255 - paper : paper;
      image.getRaster().setSample(i % 13, i / 13, 0, value);
      pixels[i] = (byte) (inverted ? 255 - value : value);
    }
    Path file = write("p.png", "png", image);
    Path model = TinyRuns.model(folder.resolve("model"), 1, 4, false);
    try (ImagePredictor predictor =
        ImagePredictor.load(model, LoadOptions.cpu(1), invert, Fit.PAD)) {
      ImageOutcome outcome = predictor.predict(List.of(file)).get(0);
      assertPredicted(outcome, pixels, 1);
      assertThat(String.join("; ", notes(outcome))).startsWith(note);
      assertThat(notes(outcome)).hasSize(note.isEmpty() ? 0 : 1);
    }
  }

  private static List<String> notes(ImageOutcome outcome) {
    return ((ImageOutcome.Predicted) outcome).notes();
  }

  @Test
  void oneBadFileDoesNotKeepTheOthers() throws IOException {
    Path good = write("good.png", "png", image(BufferedImage.TYPE_INT_RGB, 13, 7));
    Path text = Files.writeString(folder.resolve("notes.txt"), "no image");
    Path empty = Files.write(folder.resolve("empty.png"), new byte[0]);
    byte[] whole = Files.readAllBytes(good);
    Path truncated =
        Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length - 40));
    Path header = Files.write(folder.resolve("header.png"), Arrays.copyOf(whole, 12));
    Path jpeg =
        Files.write(folder.resolve("x.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1});
    Path missing = folder.resolve("missing.png");
    Path huge = Files.write(folder.resolve("huge.png"), pngOfSize(100_000, 100_000));
    Path worse = Files.write(folder.resolve("worse.png"), pngOfSize(-1, 7));
    try (ImagePredictor predictor = predictor(1, Fit.PAD)) {
      List<ImageOutcome> outcomes =
          predictor.predict(
              List.of(text, empty, truncated, header, jpeg, missing, folder, huge, worse, good));
      assertThat(outcomes.get(9)).isInstanceOf(ImageOutcome.Predicted.class);
      assertThat(reason(outcomes.get(0)))
          .isEqualTo(text + ": not a PNG, JPEG, BMP, GIF, WebP or PNM picture");
      assertThat(reason(outcomes.get(1)))
          .isEqualTo(empty + ": not a PNG, JPEG, BMP, GIF, WebP or PNM picture");
      assertThat(reason(outcomes.get(2)))
          .isEqualTo(truncated + ": a damaged or unsupported PNG image");
      assertThat(reason(outcomes.get(3)))
          .isEqualTo(header + ": a damaged or unsupported PNG image");
      assertThat(reason(outcomes.get(4))).isEqualTo(jpeg + ": a damaged or unsupported JPEG image");
      assertThat(reason(outcomes.get(5))).isEqualTo("there is no file " + missing);
      assertThat(reason(outcomes.get(6))).isEqualTo(folder + ": not a file");
      assertThat(reason(outcomes.get(7)))
          .isEqualTo(huge + ": expected an image of at most 67108864 pixels, found 100000x100000");
      assertThat(reason(outcomes.get(8))).startsWith(worse + ": ");
    }
  }

  private static String reason(ImageOutcome outcome) {
    assertThat(outcome).isInstanceOf(ImageOutcome.Failed.class);
    return ((ImageOutcome.Failed) outcome).reason();
  }

  /** A PNG of a few bytes that claims a size. */
  private static byte[] pngOfSize(int width, int height) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).array());
    chunk(png, "IDAT", new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1});
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    byte[] name = type.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.write(ByteBuffer.allocate(4).putInt(data.length).array());
    png.write(name);
    png.write(data);
    png.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
