package org.imageperformer.datasets.files;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.imageperformer.datasets.DatasetException;

/**
 * The content of one file, uncompressed when it begins as gzip does (whatever its name says), its
 * MD5 taken on the way. Failures become {@link DatasetException}s that name the file.
 */
public final class ContentStream implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final String file;
  private final InputStream in;
  private final long storedBytes;
  private final boolean gzip;
  private final MessageDigest md5 = Md5.digest();

  private ContentStream(String file, InputStream in, long storedBytes, boolean gzip) {
    this.file = file;
    this.in = in;
    this.storedBytes = storedBytes;
    this.gzip = gzip;
  }

  /** Opens a file, refusing what is none. */
  public static ContentStream open(Path path) {
    String file = path.toString();
    try {
      if (!Files.isRegularFile(path)) { // reading a pipe or a device need never end
        if (!Files.exists(path)) {
          throw new NoSuchFileException(file);
        }
        throw DatasetException.mismatch(
            file, "a file", "something else", "Replace it with the data set's file.");
      }
      return of(file, Files.newInputStream(path), Files.size(path));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Takes over {@code stored}, of {@code storedBytes} bytes, which messages call {@code file}. */
  public static ContentStream of(String file, InputStream stored, long storedBytes) {
    BufferedInputStream buffered = new BufferedInputStream(stored, BUFFER);
    try {
      buffered.mark(2);
      boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
      buffered.reset();
      InputStream in = gzip ? gunzip(buffered) : buffered;
      return new ContentStream(file, in, storedBytes, gzip);
    } catch (IOException e) {
      try (buffered) {
        throw unreadable(file, e);
      } catch (IOException onClose) {
        throw unreadable(file, onClose);
      }
    }
  }

  /** Not the JDK's: a file of many empty gzip members overflows its stack. */
  public static InputStream gunzip(InputStream stored) throws IOException {
    return GzipCompressorInputStream.builder()
        .setInputStream(stored)
        .setDecompressConcatenated(true)
        .get();
  }

  /** What messages call it. */
  public String file() {
    return file;
  }

  /**
   * The content's length if the file is not compressed, otherwise the most that its length makes
   * likely: images compress 2 to 10 times, so a header that claims more is to be doubted.
   */
  public long likelyBytes() {
    return gzip ? storedBytes * 16 : storedBytes;
  }

  /** Reads until the buffer is full or the content ends; returns how many bytes came. */
  public int read(byte[] buffer) {
    try {
      int count = in.readNBytes(buffer, 0, buffer.length);
      md5.update(buffer, 0, count);
      return count;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Whether the content has ended; to be asked once all expected bytes are read. */
  public boolean atEnd() {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads all there is.
   *
   * @param maxBytes fails beyond
   * @return MD5 of the content
   */
  public String readToEnd(long maxBytes) {
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    for (int count = read(buffer); count > 0; count = read(buffer)) {
      bytes += count;
      if (bytes > maxBytes) {
        throw DatasetException.mismatch(
            file, "at most " + maxBytes + " bytes", "more", "Copy or download the file again.");
      }
    }
    return md5();
  }

  /** MD5 of all that was read. */
  public String md5() {
    return Md5.hex(md5);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Says that a file cannot be read, and why. */
  public static DatasetException unreadable(String file, IOException e) {
    if (e instanceof EOFException) {
      return new DatasetException(
          file + ": the gzip data ends early, the file is truncated. Copy or download it again.",
          e);
    }
    if (e instanceof NoSuchFileException) {
      return new DatasetException(file + ": there is no such file.", e);
    }
    return new DatasetException(
        file + ": cannot be read (" + FileProblem.of(e) + "). Copy or download the file again.", e);
  }
}
