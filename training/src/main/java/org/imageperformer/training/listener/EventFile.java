package org.imageperformer.training.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;

/**
 * A file of TensorBoard events: TFRecords, each a little-endian length, its masked CRC32C, the
 * bytes, their masked CRC32C. Every record is written in one piece.
 */
final class EventFile implements AutoCloseable {

  private static final String PREFIX = "events.out.tfevents.";
  private static final int MASK_DELTA = 0xa282ead8;

  private final Path path;
  private final FileChannel channel;

  private EventFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Begins a file of its own, named so that later files come later in the order of names, which is
   * how TensorBoard reads them.
   *
   * @param directory where
   * @param seconds since 1970
   */
  static EventFile create(Path directory, long seconds) throws IOException {
    for (int number = 0; ; number++) {
      String name = String.format(Locale.ROOT, PREFIX + "%010d.%03d", seconds, number);
      Path path = directory.resolve(name);
      try {
        return new EventFile(
            path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
      } catch (FileAlreadyExistsException e) {
        if (number == 999) {
          throw e;
        }
      }
    }
  }

  /**
   * The files of a run, in the order in which they were begun.
   *
   * @param directory where they are
   * @throws UncheckedIOException if it cannot be listed
   */
  static List<Path> list(Path directory) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*")) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory + ": " + e.getMessage(), e);
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(
          "cannot list " + directory + ": " + e.getCause().getMessage(), e.getCause());
    }
    Collections.sort(files);
    return files;
  }

  Path path() {
    return path;
  }

  void write(Event event) throws IOException {
    byte[] bytes = event.toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + bytes.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(bytes.length);
    record.putInt(maskedCrc(record.array(), Long.BYTES));
    record.put(bytes);
    record.putInt(maskedCrc(bytes, bytes.length));
    record.flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
