package org.imageperformer.datasets.pictures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.datasets.DatasetException;

/**
 * A picture as people see it, from a file of any size in one of the {@linkplain PictureFormat
 * formats}: turned as its EXIF orientation says, transparent parts filled (cli.md, {@code
 * predict}).
 */
public final class Picture {
  private static final int LARGEST_FILE = 64 << 20;

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] pixels;
  private final List<String> notes;

  /**
   * A picture.
   *
   * @param height rows, 1 or more
   * @param width columns, 1 or more
   * @param channels 1 for gray, 3 for RGB
   * @param pixels [height, width, channels]; not copied
   * @param notes what was done to the file's pixels, for its user: a clause each
   */
  public Picture(int height, int width, int channels, byte[] pixels, List<String> notes) {
    if (pixels.length != (long) height * width * channels) {
      throw new IllegalArgumentException(
          "expected %sx%sx%s pixels, found %s".formatted(height, width, channels, pixels.length));
    }
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.pixels = pixels;
    this.notes = List.copyOf(notes);
  }

  /** Returns the number of rows. */
  public int height() {
    return height;
  }

  /** Returns the number of columns. */
  public int width() {
    return width;
  }

  /** Returns 1 for gray, the luma of ITU-R 601 as Pillow computes it, or 3 for RGB. */
  public int channels() {
    return channels;
  }

  /** Returns the pixels, [height, width, channels]; not copied. */
  public byte[] pixels() {
    return pixels;
  }

  /** Returns what was done to the file's pixels, for its user: a clause each, often none. */
  public List<String> notes() {
    return notes;
  }

  /** Returns the notes with one more. */
  List<String> noted(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return more;
  }

  /**
   * Reads a file of at most 64 MiB and 64 megapixels; its size is looked at before it is decoded,
   * since a file of a few bytes may ask for any amount of memory.
   *
   * @param file in one of the {@linkplain PictureFormat formats}, by its content
   * @param channels 1 for gray, 3 for RGB
   * @throws DatasetException naming the file when it is no such picture, damaged or too large
   */
  public static Picture read(Path file, int channels) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels should be 1 or 3, found " + channels);
    }
    return new Decoder(file, content(file)).decode(channels);
  }

  /**
   * Makes a picture of a file's content, as {@link #read} does.
   *
   * @param file what messages call it
   * @param content of the file
   * @param channels 1 for gray, 3 for RGB
   * @throws DatasetException naming the file when it is no picture, damaged or too large
   */
  public static Picture decode(Path file, byte[] content, int channels) {
    return new Decoder(file, content).decode(channels);
  }

  /**
   * Whether a file stores gray, by its header: one brightness a pixel, or a palette of grays.
   *
   * @param file what messages call it
   * @param content of the file
   * @throws DatasetException naming the file when it is no picture or its header is damaged
   */
  public static boolean isGray(Path file, byte[] content) {
    return new Decoder(file, content).gray();
  }

  /**
   * Reads a file whole.
   *
   * @return at most 64 MiB
   * @throws DatasetException naming the file when it cannot be read or is larger
   */
  public static byte[] content(Path file) {
    if (!Files.exists(file)) {
      throw new DatasetException("there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new DatasetException(file + ": not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new DatasetException(
            file + ": expected a file of at most " + LARGEST_FILE + " bytes, found a larger one");
      }
      return bytes;
    } catch (IOException e) {
      String reason = e instanceof AccessDeniedException ? "access denied" : e.getMessage();
      throw new DatasetException("cannot read " + file + ": " + reason, e);
    }
  }
}
