package org.imageperformer.datasets.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.imageperformer.datasets.DatasetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
  private static final int BLACK = 0;
  private static final int WHITE = 255;

  @TempDir Path folder;

  /** What people see of a picture that is stored as abc over def. */
  @ParameterizedTest
  @CsvSource({
    "1, abc/def", "2, cba/fed", "3, fed/cba", "4, def/abc",
    "5, ad/be/cf", "6, da/eb/fc", "7, fc/eb/da", "8, cf/be/ad",
  })
  void turnsAsTheOrientationSays(int orientation, String seen) throws IOException {
    BufferedImage stored = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 6; i++) {
      stored.getRaster().setSample(i % 3, i / 3, 0, 'a' + i);
    }
    Path file = folder.resolve("p.png");
    Files.write(file, withChunk(png(stored), "eXIf", exif(orientation)));

    Picture picture = Picture.read(file, 1);

    assertThat(rows(picture)).isEqualTo(seen);
    assertThat(picture.notes()).hasSize(orientation == 1 ? 0 : 1);
  }

  @Test
  void turnsPhotographs() throws IOException {
    BufferedImage stored = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    stored.getGraphics().fillRect(0, 0, 16, 16); // white on the left
    Path file = folder.resolve("p.jpg");
    Files.write(file, withExif(jpeg(stored), 6));

    Picture picture = Picture.read(file, 3);

    assertThat(picture.width()).isEqualTo(16);
    assertThat(picture.height()).isEqualTo(32);
    assertThat(picture.pixels()[3 * (4 * 16 + 8)] & 0xff).as("at the top").isGreaterThan(250);
    assertThat(picture.pixels()[3 * (28 * 16 + 8)] & 0xff).as("at the bottom").isLessThan(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 4711})
  void anOrientationThatIsNoneIsPassedOver(int orientation) throws IOException {
    BufferedImage stored = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    Path file = folder.resolve("p.png");
    Files.write(file, withChunk(png(stored), "eXIf", exif(orientation)));
    assertThat(Picture.read(file, 1).width()).isEqualTo(3);
    byte[] cut = Arrays.copyOf(exif(6), 13);
    Files.write(file, withChunk(png(stored), "eXIf", cut));
    assertThat(Picture.read(file, 1).width()).isEqualTo(3);
  }

  /** The colour of what cannot be seen is that of the ink, as drawing programs leave it. */
  @ParameterizedTest
  @CsvSource({"255, 0", "0, 255", "200, 0", "60, 255"})
  void inkOnTransparentIsToBeSeen(int ink, int background) throws IOException {
    BufferedImage image = new BufferedImage(9, 9, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 81; i++) {
      int alpha = i % 9 == 4 ? 255 : 0;
      image.setRGB(i % 9, i / 9, alpha << 24 | ink << 16 | ink << 8 | ink);
    }
    for (BufferedImage kind : new BufferedImage[] {image, grayAlpha(image)}) {
      Path file = Files.write(folder.resolve("p.png"), png(kind));
      for (int channels : new int[] {1, 3}) {
        Picture picture = Picture.read(file, channels);
        assertThat(picture.pixels()[4 * channels] & 0xff).isEqualTo(ink);
        assertThat(picture.pixels()[0] & 0xff).isEqualTo(background);
        assertThat(picture.notes())
            .containsExactly(
                "transparent parts filled with " + (background == 0 ? "black" : "white"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BLACK, WHITE})
  void transparentCornersBecomeLikeTheRest(int paper) throws IOException {
    BufferedImage image = new BufferedImage(9, 9, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 81; i++) {
      image.setRGB(i % 9, i / 9, 0xff << 24 | paper << 16 | paper << 8 | paper);
    }
    image.setRGB(0, 0, 0x00808080);
    image.setRGB(4, 4, 0xff808080);
    Path file = Files.write(folder.resolve("p.png"), png(image));
    assertThat(Picture.read(file, 1).pixels()[0] & 0xff).isEqualTo(paper);
  }

  @Test
  void mixesWhatIsHalfTransparent() throws IOException {
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x80ffffff);
    Path file = Files.write(folder.resolve("p.png"), png(image));
    assertThat(Picture.read(file, 1).pixels()).containsExactly(128, 0, 0, 0);
  }

  @Test
  void aTransparentColourOfAPaletteOrOfGrayIsTransparent() throws IOException {
    // A PNG names it in a chunk of its own, tRNS: gray 255 is transparent, the ink is 200.
    BufferedImage gray = new BufferedImage(5, 5, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 25; i++) {
      gray.getRaster().setSample(i % 5, i / 5, 0, i == 12 ? 200 : 255);
    }
    Path file = folder.resolve("p.png");
    Files.write(file, withChunk(png(gray), "tRNS", new byte[] {0, (byte) 255}));
    byte[] pixels = Picture.read(file, 1).pixels();
    assertThat(pixels[12] & 0xff).isEqualTo(200);
    assertThat(pixels[0] & 0xff).isEqualTo(BLACK);
  }

  @Test
  void knowsTheKindsOfImages() throws IOException {
    BufferedImage palette = new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_INDEXED);
    palette.setRGB(4, 2, 0xffff0000);
    byte[] indexed = Picture.read(write("palette.png", png(palette)), 3).pixels();
    assertThat(indexed[3 * (2 * 13 + 4)]).isEqualTo((byte) 255);
    assertThat(indexed[3 * (2 * 13 + 4) + 1]).isZero();
    // Of 16 bits the upper 8; gray as three equal channels.
    BufferedImage deep = new BufferedImage(13, 7, BufferedImage.TYPE_USHORT_GRAY);
    WritableRaster raster = deep.getRaster();
    raster.setSample(5, 1, 0, 0xabcd);
    Path deepFile = write("deep.png", png(deep));
    assertThat(Picture.read(deepFile, 1).pixels()[13 + 5]).isEqualTo((byte) 0xab);
    assertThat(Picture.read(deepFile, 3).pixels()[3 * (13 + 5) + 2]).isEqualTo((byte) 0xab);
    BufferedImage bits = new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(6, 3, 0xffffffff);
    assertThat(Picture.read(write("bits.png", png(bits)), 1).pixels()[3 * 13 + 6])
        .isEqualTo((byte) 255);
    BufferedImage white = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    white.getGraphics().fillRect(0, 0, 32, 16);
    assertThat(Picture.read(write("white.jpg", jpeg(white)), 1).pixels()).containsOnly(255);
  }

  @Test
  void takesTheLumaAsPillowDoes() throws IOException {
    BufferedImage rgb = new BufferedImage(29, 23, BufferedImage.TYPE_INT_RGB);
    byte[] luma = new byte[29 * 23];
    for (int i = 0; i < luma.length; i++) {
      Color color = new Color(i * 5 % 256, i * 11 % 256, i * 3 % 256);
      rgb.setRGB(i % 29, i / 29, color.getRGB());
      // The fixed-point form of 0.299 R + 0.587 G + 0.114 B.
      luma[i] =
          (byte)
              Math.floorDiv(
                  19595 * color.getRed()
                      + 38470 * color.getGreen()
                      + 7471 * color.getBlue()
                      + 32768,
                  65536);
    }
    assertThat(Picture.read(write("rgb.png", png(rgb)), 1).pixels()).isEqualTo(luma);
  }

  /** Four inks, 0 for all of it, as printing programs store them. */
  @ParameterizedTest
  @CsvSource({
    "0, 255, 255, 255, 0, 255, 255",
    "255, 0, 255, 255, 255, 0, 255",
    "9, 99, 0, 0, 0, 0, 0"
  })
  void readsTheColoursOfPrint(
      int cyan, int magenta, int yellow, int black, int red, int green, int blue)
      throws IOException {
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    byte[] inks = cmyk(cyan, magenta, yellow, black);
    for (byte[] jpeg : new byte[][] {inks, withSegment(inks, (short) 0xffee, adobe)}) {
      byte[] pixels = Picture.read(write("cmyk.jpg", jpeg), 3).pixels();
      assertThat(pixels[0] & 0xff).isEqualTo(red);
      assertThat(pixels[1] & 0xff).isEqualTo(green);
      assertThat(pixels[2] & 0xff).isEqualTo(blue);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "112, 28, 32x8",
    "28, 112, 8x32",
    "28, 28, 32x32",
    "1000, 10, 32x1",
    "100, 101, 32x32"
  })
  void keepsProportions(int width, int height, String inside) {
    byte[] white = new byte[width * height];
    Arrays.fill(white, (byte) 255);
    Picture picture = new Picture(height, width, 1, white, List.of());

    Picture padded = Fit.PAD.apply(picture, 32, 32);

    int columns = 0;
    int rows = 0;
    for (int i = 0; i < 32; i++) {
      columns += padded.pixels()[15 * 32 + i] == 0 ? 0 : 1;
      rows += padded.pixels()[i * 32 + 15] == 0 ? 0 : 1;
    }
    assertThat(columns + "x" + rows).isEqualTo(inside);
    assertThat(padded.notes()).hasSize(inside.equals("32x32") ? 0 : 1);
    assertThat(Fit.STRETCH.apply(picture, 32, 32).pixels()).containsOnly(255);
    assertThat(Fit.STRETCH.apply(picture, 32, 32).notes()).hasSize(width == height ? 0 : 1);
  }

  /** The reader of the platform would fill what is missing with gray. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPhotographThatIsCutOffIsRefused(boolean progressive) throws IOException {
    byte[] whole = jpeg(dots(), progressive);
    assertThat(Picture.read(write("p.jpg", whole), 3).width()).isEqualTo(200);
    for (int left : new int[] {whole.length * 4 / 5, whole.length - 60, whole.length - 4}) {
      assertLost(Arrays.copyOf(whole, left), "(Truncated File - Missing EOI marker)");
    }
  }

  /** A progressive file without its last scans, and nothing else amiss. */
  @Test
  void aPhotographWithoutItsDetailsIsRefused() throws IOException {
    byte[] whole = jpeg(dots(), true);
    int scan = whole.length - 1;
    while ((whole[scan] & 0xff) != 0xff || (whole[scan + 1] & 0xff) != 0xda) {
      scan--;
    }
    assertLost(Arrays.copyOf(whole, scan), "(Truncated File - Missing EOI marker)");
  }

  @Test
  void aPhotographWithAHoleIsRefused() throws IOException {
    byte[] holed = jpeg(dots(), false);
    holed[holed.length / 2] = (byte) 0xff;
    holed[holed.length / 2 + 1] = (byte) 0xd9;
    assertLost(holed, "(Corrupt JPEG data: premature end of data segment)");
  }

  /** As cameras leave them. */
  @Test
  void bytesTooManyDoNoHarm() throws IOException {
    byte[] whole = jpeg(dots(), false);
    byte[] padded =
        ByteBuffer.allocate(whole.length + 20)
            .put(whole, 0, whole.length - 2)
            .put(new byte[10])
            .put(whole, whole.length - 2, 2)
            .array();
    assertThat(Picture.read(write("padded.jpg", padded), 3).pixels())
        .isEqualTo(Picture.read(write("p.jpg", whole), 3).pixels());
  }

  private void assertLost(byte[] jpeg, String why) {
    assertThatThrownBy(() -> Picture.read(write("cut.jpg", jpeg), 3))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("cut.jpg: a damaged JPEG image, part of which is lost " + why);
  }

  private static BufferedImage dots() {
    BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 40_000; i++) {
      image.setRGB(i % 200, i / 200, i * 7919 & 0xff3f3f);
    }
    return image;
  }

  /** By what they hold, whatever their names say. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif"})
  void readsWhatThePlatformWrites(String format) throws IOException {
    int type = format.equals("gif") ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(5, 9, type);
    image.setRGB(1, 2, 0xffff0000);
    image.setRGB(4, 0, 0xff0000ff);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();

    Picture picture = Picture.read(write("p.txt", bytes.toByteArray()), 3);

    assertThat(picture.height()).isEqualTo(9);
    byte[] expected = new byte[135];
    expected[3 * (2 * 5 + 1)] = (byte) 255;
    expected[3 * 4 + 2] = (byte) 255;
    assertThat(picture.pixels()).isEqualTo(expected);
  }

  /** Of which the frame covers a part, as programs for animations write it. */
  @Test
  void aGifIsAsLargeAsItsScreen() throws IOException {
    byte[] gif = gif(20, 20);

    Picture picture = Picture.read(write("p.gif", onScreen(gif, 28, 30, 4, 6)), 1);

    assertThat(picture.width()).isEqualTo(28);
    assertThat(picture.height()).isEqualTo(30);
    for (int i = 0; i < 28 * 30; i++) {
      boolean inside = i % 28 >= 4 && i % 28 < 24 && i / 28 >= 6 && i / 28 < 26;
      assertThat(picture.pixels()[i] & 0xff).isEqualTo(inside ? WHITE : BLACK);
    }
    assertThat(picture.notes()).containsExactly("transparent parts filled with black");
    // A screen too small for the frame is made larger, as browsers do.
    assertThat(Picture.read(write("p.gif", onScreen(gif, 1, 1, 0, 0)), 1).notes()).isEmpty();
    assertThat(Picture.read(write("p.gif", onScreen(gif, 1, 1, 3, 0)), 1).width()).isEqualTo(23);
  }

  @Test
  void aGifWithTooLargeAScreenIsRefused() throws IOException {
    Path file = write("bomb.gif", onScreen(gif(2, 2), 0xffff, 0xffff, 0, 0));
    assertThatThrownBy(() -> Picture.read(file, 1))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("bomb.gif: expected an image of at most")
        .hasMessageContaining("found 65535x65535");
  }

  /** All white. */
  private static byte[] gif(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
    image.getGraphics().fillRect(0, 0, width, height);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "gif", bytes);
    return bytes.toByteArray();
  }

  /** The screen's size stands in the header, the frame's place behind the first comma. */
  private static byte[] onScreen(byte[] gif, int width, int height, int left, int top) {
    byte[] changed = gif.clone();
    int frame = new String(gif, StandardCharsets.ISO_8859_1).indexOf(',', 13);
    ByteBuffer.wrap(changed)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(6, (short) width)
        .putShort(8, (short) height)
        .putShort(frame + 1, (short) left)
        .putShort(frame + 3, (short) top);
    return changed;
  }

  /** A lossless file of cwebp 1.2.4, of pixels (37 i + 80 c) mod 256. */
  @Test
  void readsWebP() throws IOException {
    byte[] file =
        Base64.getDecoder()
            .decode(
                "UklGRl4AAABXRUJQVlA4TFEAAAAvBIAAAHdgpm2bw1dRdBt/liNhpm2bw0Dajj+BsTPTtm3uMJC2Y7X5J5"
                    + "ikqbZj8h/uDjQB0ATcnX+Aqsg2qL97PTuooJsKQukkUET/Yy5r7RsA");

    Picture picture = Picture.read(write("p.webp", file), 3);

    byte[] expected = new byte[45];
    for (int i = 0; i < 45; i++) {
      expected[i] = (byte) (i / 3 * 37 + i % 3 * 80);
    }
    assertThat(picture.width()).isEqualTo(5);
    assertThat(picture.pixels()).isEqualTo(expected);
    byte[] cut = Arrays.copyOf(file, 60);
    assertThatThrownBy(() -> Picture.read(write("cut.webp", cut), 3))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("cut.webp: a damaged or unsupported WebP image");
    // 8000x8000 pixels by its header, whose 28 bits of sizes follow the byte 0x2f.
    byte[] large = file.clone();
    ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putInt(21, 7999 | 7999 << 14);
    assertThatThrownBy(
            () ->
                assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> Picture.read(write("large.webp", large), 3)))
        .hasMessageContaining("large.webp: a damaged or unsupported WebP image");
  }

  @ParameterizedTest
  @CsvSource({"P2, 65 200", "P5, A\u00c8", "P3, 65 65 65 200 200 200"})
  void readsNetpbm(String magic, String pixels) throws IOException {
    byte[] file = (magic + "\n2 1\n255\n" + pixels).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Picture.read(write("p.ppm", file), 1).pixels()).containsExactly(65, 200);
  }

  @Test
  void tellsGrayByTheHeader() throws IOException {
    assertThat(gray(BufferedImage.TYPE_BYTE_GRAY)).isTrue();
    assertThat(gray(BufferedImage.TYPE_USHORT_GRAY)).isTrue();
    assertThat(gray(BufferedImage.TYPE_BYTE_BINARY)).isTrue();
    assertThat(gray(BufferedImage.TYPE_INT_RGB)).isFalse();
    assertThat(gray(BufferedImage.TYPE_INT_ARGB)).isFalse();
    assertThat(gray(BufferedImage.TYPE_BYTE_INDEXED)).isFalse();
    Path file = Path.of("p.jpg");
    BufferedImage photograph = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(Picture.isGray(file, jpeg(photograph))).isTrue();
  }

  private static boolean gray(int type) throws IOException {
    return Picture.isGray(Path.of("p.png"), png(new BufferedImage(9, 9, type)));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static String rows(Picture picture) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < picture.pixels().length; i++) {
      text.append(i > 0 && i % picture.width() == 0 ? "/" : "").append((char) picture.pixels()[i]);
    }
    return text.toString();
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", bytes);
    return bytes.toByteArray();
  }

  private static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage grayAlpha(BufferedImage argb) {
    ComponentColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            java.awt.Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster =
        colors.createCompatibleWritableRaster(argb.getWidth(), argb.getHeight());
    for (int y = 0; y < argb.getHeight(); y++) {
      for (int x = 0; x < argb.getWidth(); x++) {
        raster.setSample(x, y, 0, argb.getRGB(x, y) & 0xff);
        raster.setSample(x, y, 1, argb.getRGB(x, y) >>> 24);
      }
    }
    return new BufferedImage(colors, raster, false, null);
  }

  /** Four bands, as a JPEG writer that knows no colours stores them. */
  private static byte[] cmyk(int... inks) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int i = 0; i < 256; i++) {
      raster.setPixel(i % 16, i / 16, inks);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(new IIOImage(raster, null, null));
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** EXIF data, big-endian, with an orientation alone. */
  private static byte[] exif(int orientation) {
    return ByteBuffer.allocate(26)
        .put(new byte[] {'M', 'M'})
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  private static byte[] withExif(byte[] jpeg, int orientation) {
    byte[] data =
        ByteBuffer.allocate(32)
            .put(new byte[] {'E', 'x', 'i', 'f', 0, 0})
            .put(exif(orientation))
            .array();
    return withSegment(jpeg, (short) 0xffe1, data);
  }

  /** After the first marker of a JPEG. */
  private static byte[] withSegment(byte[] jpeg, short marker, byte[] data) {
    return ByteBuffer.allocate(jpeg.length + 4 + data.length)
        .put(jpeg, 0, 2)
        .putShort(marker)
        .putShort((short) (2 + data.length))
        .put(data)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** After the header of a PNG, which has 33 bytes. */
  private static byte[] withChunk(byte[] png, String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(type.getBytes(StandardCharsets.US_ASCII));
    chunk.put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    chunk.putInt((int) crc.getValue());
    return ByteBuffer.allocate(png.length + chunk.capacity())
        .put(png, 0, 33)
        .put(chunk.array())
        .put(png, 33, png.length - 33)
        .array();
  }
}
