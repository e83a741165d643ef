package org.imageperformer.datasets.pictures;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A format that pictures are read in: told by a file's content, never by its name. */
public enum PictureFormat {
  PNG("PNG", "png") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "\u0089PNG\r\n\u001a\n");
    }
  },
  JPEG("JPEG", "jpe?g|jpe|jfif") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "\u00ff\u00d8\u00ff");
    }
  },
  BMP("BMP", "bmp|dib") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "BM");
    }
  },
  /** Of which the first frame counts, at its {@linkplain GifScreen place}. */
  GIF("GIF", "gif") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "GIF8");
    }
  },
  WEBP("WebP", "webp") {
    @Override
    boolean matches(byte[] file) {
      return startsWith(file, 0, "RIFF") && startsWith(file, 8, "WEBP");
    }
  },
  /** The portable bit, gray and pixel maps of Netpbm. */
  PNM("PNM", "p[pgbn]m") {
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
  static final String NAMES = names();

  private final String label;
  private final Pattern fileName;

  /** With the extensions of its files as a regular expression. */
  PictureFormat(String label, String extension) {
    this.label = label;
    fileName = Pattern.compile(".*\\.(?:" + extension + ")", CASE_INSENSITIVE | DOTALL);
  }

  private static String names() {
    List<String> labels = Arrays.stream(values()).map(PictureFormat::label).toList();
    int last = labels.size() - 1;
    return String.join(", ", labels.subList(0, last)) + " or " + labels.get(last);
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
    return Arrays.stream(values()).anyMatch(format -> format.fileName.matcher(fileName).matches());
  }

  /** What people, and the readers of the platform, call it. */
  String label() {
    return label;
  }

  private static boolean startsWith(byte[] file, int at, String signature) {
    byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
    return file.length >= at + bytes.length
        && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
  }
}
