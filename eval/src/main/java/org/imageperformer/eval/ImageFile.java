package org.imageperformer.eval;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.imageperformer.datasets.resize.Resize;
import org.imageperformer.savedmodels.OneLine;

/**
 * A PNG or JPEG file of bounded size: looked at before it is decoded, since a file of a few bytes
 * may ask for any amount of memory.
 */
final class ImageFile {

  private static final int LARGEST_FILE = 64 << 20;

  /** Larger than any camera's; decoded, some 200 MB. */
  private static final long MOST_PIXELS = 64L << 20;

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  private final Path file;
  private final byte[] bytes;
  private final String format;

  private ImageFile(Path file, byte[] bytes, String format) {
    this.file = file;
    this.bytes = bytes;
    this.format = format;
  }

  /** Reads a file and checks its kind and size; EvalException when it is no such image. */
  static ImageFile read(Path file) {
    byte[] bytes = content(file);
    String format;
    if (startsWith(bytes, PNG)) {
      format = "png";
    } else if (startsWith(bytes, JPEG)) {
      format = "jpeg";
    } else {
      throw new EvalException(file + ": not a PNG or JPEG image");
    }
    ImageFile image = new ImageFile(file, bytes, format);
    image.decode(
        reader -> {
          long width = reader.getWidth(0);
          long height = reader.getHeight(0);
          if (width < 1 || height < 1 || width > MOST_PIXELS / height) {
            throw new EvalException(
                file
                    + ": expected an image of at most "
                    + MOST_PIXELS
                    + " pixels, found "
                    + width
                    + "x"
                    + height);
          }
          return reader;
        });
    return image;
  }

  Path file() {
    return file;
  }

  /** The file as it is. */
  byte[] bytes() {
    return bytes;
  }

  /** {@code png} or {@code jpeg}. */
  String format() {
    return format;
  }

  private static byte[] content(Path file) {
    if (!Files.exists(file)) {
      throw new EvalException("there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new EvalException(file + ": not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new EvalException(
            file + ": expected a file of at most " + LARGEST_FILE + " bytes, found a larger one");
      }
      return bytes;
    } catch (IOException e) {
      throw new EvalException("cannot read " + file + ": " + OneLine.reason(e, file), e);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] signature) {
    if (bytes.length < signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if (bytes[i] != signature[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Decodes and resizes as the data sets are: gray by the luma of ITU-R 601 as Pillow computes it,
   * alpha dropped, Pillow's bilinear resize (data.md).
   *
   * @return [height, width, channels]
   */
  byte[] pixels(int height, int width, int channels) {
    BufferedImage image = decode(reader -> reader.read(0));
    byte[] pixels = channels == 1 ? gray(image) : rgb(image);
    return Resize.bilinear(pixels, image.getHeight(), image.getWidth(), channels, height, width);
  }

  @FunctionalInterface
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private <T> T decode(Reading<T> reading) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      // Forward only, metadata passed over: compressed texts in a PNG are never unpacked.
      reader.setInput(in, true, true);
      return reading.from(reader);
    } catch (EvalException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders of the platform answer damage by any exception, among them unchecked ones.
      throw new EvalException(file + ": a damaged or unsupported " + format + " image", e);
    } finally {
      reader.dispose();
    }
  }

  private static byte[] gray(BufferedImage image) {
    int width = image.getWidth();
    byte[] gray = new byte[width * image.getHeight()];
    if (image.getColorModel() instanceof ComponentColorModel && bands(image) < 3) {
      // As stored: the platform's own conversion would apply a gamma curve.
      copyBands(image, gray, 1);
      return gray;
    }
    byte[] rgb = rgb(image);
    for (int i = 0; i < gray.length; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      gray[i] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
    }
    return gray;
  }

  private static byte[] rgb(BufferedImage image) {
    int width = image.getWidth();
    byte[] rgb = new byte[3 * width * image.getHeight()];
    if (image.getColorModel() instanceof ComponentColorModel) {
      copyBands(image, rgb, 3);
      return rgb;
    }
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        rgb[at] = (byte) (row[x] >> 16);
        rgb[at + 1] = (byte) (row[x] >> 8);
        rgb[at + 2] = (byte) row[x];
      }
    }
    return rgb;
  }

  private static int bands(BufferedImage image) {
    return image.getRaster().getNumBands();
  }

  /** The upper 8 bits of the first bands; of gray images the one band, repeated. */
  private static void copyBands(BufferedImage image, byte[] target, int channels) {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int[] row = new int[width];
    for (int c = 0; c < channels; c++) {
      int band = bands(image) < 3 ? 0 : c;
      int shift = image.getSampleModel().getSampleSize(band) - 8;
      for (int y = 0; y < image.getHeight(); y++) {
        raster.getSamples(0, y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          target[(y * width + x) * channels + c] = (byte) (row[x] >> shift);
        }
      }
    }
  }
}
