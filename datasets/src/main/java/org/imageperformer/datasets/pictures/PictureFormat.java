package org.imageperformer.datasets.pictures;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A format that pictures are read in: told by a file's content, never by its name. */
public enum PictureFormat {
  PNG("png", ".png") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "\u0089PNG\r\n\u001a\n");
    }
  },
  JPEG("jpeg", ".jpg .jpeg .jpe .jfif") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "\u00ff\u00d8\u00ff");
    }
  },
  BMP("bmp", ".bmp .dib") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "BM");
    }
  },
  /** Of which the first frame counts. */
  GIF("gif", ".gif") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "GIF8");
    }
  },
  WEBP("webp", ".webp") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "RIFF") && startsWith(file, 8, "WEBP");
    }
  },
  /** The portable bit, gray and pixel maps of Netpbm. */
  PNM("pnm", ".ppm .pgm .pbm .pnm") {
    @Override
    boolean matches(byte[] file) {
      return file.length > 2
          && file[0] == 'P'
          && file[1] >= '1'
          && file[1] <= '6'
          && Character.isWhitespace(file[2]);
    }
  };

  /** All of them, as messages name them. */
  static final String NAMES = "PNG, JPEG, BMP, GIF, WebP or PNM";

  private final String readerName;
  private final String extensions; // with blanks between

  PictureFormat(String readerName, String extensions) {
    this.readerName = readerName;
    this.extensions = extensions;
  }

  /** Whether a file begins as this format does. */
  abstract boolean matches(byte[] file);

  /** The format of a file; empty if it is none of these. */
  static Optional<PictureFormat> of(byte[] file) {
    return Arrays.stream(values()).filter(format -> format.matches(file)).findFirst();
  }

  /**
   * Whether a file's name is that of a picture, in small or capital letters.
   *
   * @param fileName without its folder
   */
  public static boolean isPicture(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .flatMap(format -> Arrays.stream(format.extensions.split(" ")))
        .anyMatch(lower::endsWith);
  }

  /** What the platform calls its readers. */
  String readerName() {
    return readerName;
  }

  private static boolean startsWith(byte[] file, int at, String signature) {
    byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
    return file.length >= at + bytes.length
        && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
  }
}
