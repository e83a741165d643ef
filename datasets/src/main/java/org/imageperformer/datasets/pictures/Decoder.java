package org.imageperformer.datasets.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.imageperformer.datasets.DatasetException;

/** Decodes one file. */
final class Decoder {
  /** Larger than any camera's; decoded, some 500 MB. */
  private static final int MOST_PIXELS = 64 << 20;

  /** As many pixels as are decoded at a time, in all threads. */
  private static final Semaphore ROOM = new Semaphore(MOST_PIXELS);

  /**
   * What the reader of JPEG says, in English everywhere, when it fills the place of pixels with
   * gray. Bytes too many and damaged colour profiles cost none. Without its end mark a file may
   * lack whole scans, those of colour or of detail.
   */
  private static final Pattern LOSS =
      Pattern.compile(
          "^(?:Truncated File|Premature end|Corrupt JPEG data: (?!\\d+ extraneous|bad ICC))");

  private final Path file;
  private final byte[] bytes;
  private final PictureFormat format;

  Decoder(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
    format =
        PictureFormat.of(bytes)
            .orElseThrow(
                () ->
                    new DatasetException(
                        "%s: not a %s picture".formatted(file, PictureFormat.NAMES)));
  }

  Picture decode(int channels) {
    int size = read(this::pixelCount);
    ROOM.acquireUninterruptibly(size);
    try {
      return picture(read(this::image), channels);
    } finally {
      ROOM.release(size);
    }
  }

  /** Whether it is stored without colour; nothing but the header is decoded. */
  boolean gray() {
    return read(
        reader -> {
          Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
          if (!types.hasNext()) {
            return false;
          }
          ColorModel colors = types.next().getColorModel();
          return colors instanceof IndexColorModel palette
              ? IntStream.range(0, palette.getMapSize())
                  .map(palette::getRGB)
                  .allMatch(argb -> argb >>> 24 == 0 || gray(argb))
              : colors.getNumColorComponents() == 1;
        });
  }

  private static boolean gray(int argb) {
    return (argb >> 16 & 0xff) == (argb & 0xff) && (argb >> 8 & 0xff) == (argb & 0xff);
  }

  private int pixelCount(ImageReader reader) throws IOException {
    if (format == PictureFormat.GIF) {
      GifScreen screen = GifScreen.of(reader);
      return pixelCount(screen.width(), screen.height());
    }
    return pixelCount(reader.getWidth(0), reader.getHeight(0));
  }

  private int pixelCount(int width, int height) {
    if (width < 1 || height < 1 || width > MOST_PIXELS / height) {
      throw new DatasetException(
          "%s: expected an image of at most %s pixels, found %sx%s"
              .formatted(file, MOST_PIXELS, width, height));
    }
    return width * height;
  }

  private BufferedImage image(ImageReader reader) throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    try {
      BufferedImage image = reader.read(0);
      warnings.stream().filter(LOSS.asPredicate()).findFirst().ifPresent(this::refuse);
      return format == PictureFormat.GIF ? GifScreen.of(reader).around(image) : image;
    } catch (IOException e) {
      // Newer releases of Java convert them.
      if (reader.canReadRaster() && reader.readRaster(0, null).getNumBands() == 4) {
        throw new DatasetException(
            file + ": a CMYK image, which this Java cannot read: save it as RGB", e);
      }
      throw e;
    }
  }

  private void refuse(String loss) {
    throw new DatasetException(
        "%s: a damaged %s image, part of which is lost (%s): copy or save it anew"
            .formatted(file, format.label(), loss));
  }

  /** Whose end cannot be passed over: the reader of WebP would go on for minutes, bit for bit. */
  private static final class EndingStream extends MemoryCacheImageInputStream {
    private static final int MOST_BEHIND = 1024;

    private int behind;

    EndingStream(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value < 0 && ++behind > MOST_BEHIND) {
        throw new IllegalStateException("read on and on behind the end");
      }
      return value;
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private <T> T read(Reading<T> reading) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.label()).next();
    try (MemoryCacheImageInputStream in = new EndingStream(bytes)) {
      // Metadata passed over: compressed texts in a PNG are never unpacked.
      reader.setInput(in, false, true);
      return reading.from(reader);
    } catch (DatasetException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders of the platform answer damage by any exception, among them unchecked ones.
      throw new DatasetException(
          file + ": a damaged or unsupported " + format.label() + " image", e);
    } finally {
      reader.dispose();
    }
  }

  private Picture picture(BufferedImage image, int channels) {
    List<String> notes = new ArrayList<>();
    Orientation orientation = Orientation.of(bytes, format);
    if (orientation != Orientation.UPRIGHT) {
      notes.add("turned as its EXIF orientation says");
    }
    int background = 0;
    if (image.getColorModel().hasAlpha()) {
      Transparency transparency = new Transparency();
      rows(image, (y, row) -> transparency.add(row));
      if (transparency.isThere()) {
        background = transparency.background();
        notes.add("transparent parts filled with " + (background == 0 ? "black" : "white"));
      }
    }
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] pixels = new byte[height * width * channels];
    int fill = background;
    rows(
        image,
        (y, row) -> {
          for (int x = 0; x < width; x++) {
            int at = orientation.index(y, x, height, width) * channels;
            int argb = Transparency.over(row[x], fill);
            if (channels == 1) {
              pixels[at] = (byte) luma(argb);
            } else {
              pixels[at] = (byte) (argb >> 16);
              pixels[at + 1] = (byte) (argb >> 8);
              pixels[at + 2] = (byte) argb;
            }
          }
        });
    return orientation.swapsSides()
        ? new Picture(width, height, channels, pixels, notes)
        : new Picture(height, width, channels, pixels, notes);
  }

  /** Of ITU-R 601, in the fixed-point form of Pillow: gray stays as it is. */
  static int luma(int argb) {
    int red = argb >> 16 & 0xff;
    int green = argb >> 8 & 0xff;
    int blue = argb & 0xff;
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }

  @FunctionalInterface
  private interface RowReader {
    void read(int y, int[] argb);
  }

  /** Row for row as 8 bits of alpha, red, green and blue each. */
  private static void rows(BufferedImage image, RowReader reader) {
    int width = image.getWidth();
    int[] row = new int[width];
    // As stored: the platform's own conversion would apply a gamma curve to gray. Inks it converts.
    boolean stored =
        image.getColorModel() instanceof ComponentColorModel
            && image.getColorModel().getNumColorComponents() <= 3;
    int[] samples = stored ? new int[width * image.getRaster().getNumBands()] : null;
    for (int y = 0; y < image.getHeight(); y++) {
      if (stored) {
        stored(image, y, samples, row);
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      reader.read(y, row);
    }
  }

  /** The upper 8 bits of every band: gray or red, green and blue, then alpha if there is one. */
  private static void stored(BufferedImage image, int y, int[] samples, int[] row) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int green = bands < 3 ? 0 : 1;
    int blue = bands < 3 ? 0 : 2;
    boolean alpha = image.getColorModel().hasAlpha();
    int shift = image.getSampleModel().getSampleSize(0) - 8;
    raster.getPixels(0, y, row.length, 1, samples);
    for (int x = 0; x < row.length; x++) {
      int at = x * bands;
      row[x] =
          (alpha ? samples[at + bands - 1] >> shift : 0xff) << 24
              | samples[at] >> shift << 16
              | samples[at + green] >> shift << 8
              | samples[at + blue] >> shift;
    }
  }
}
