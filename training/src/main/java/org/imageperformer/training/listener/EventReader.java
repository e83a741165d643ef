package org.imageperformer.training.listener;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.proto.Event;

/**
 * Reads a file of TensorBoard events: TFRecords, each a little-endian length, its masked CRC32C,
 * the bytes, their masked CRC32C. A record that the file ends within is passed over: a run may be
 * writing it, or have been killed.
 */
public final class EventReader implements AutoCloseable {

  private static final int HEADER = Long.BYTES + Integer.BYTES;

  private final InputStream stream;
  private final long size;
  private long position;

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be
   */
  public EventReader(Path file) throws IOException {
    size = Files.size(file);
    stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  /**
   * The next event; empty at the end of the file.
   *
   * @throws IOException if what comes next is no event; the message does not name the file
   */
  public Optional<Event> next() throws IOException {
    byte[] header = stream.readNBytes(HEADER);
    if (header.length < HEADER) {
      return Optional.empty();
    }
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    long length = fields.getLong();
    requireCrc(fields.getInt(), header, Long.BYTES);
    if (length < 0 || length > size - position - HEADER - Integer.BYTES) {
      return Optional.empty();
    }
    if (length > Integer.MAX_VALUE - HEADER) {
      throw broken("expected an event, found " + length + " bytes");
    }
    byte[] bytes = stream.readNBytes((int) length);
    byte[] end = stream.readNBytes(Integer.BYTES);
    if (end.length < Integer.BYTES) {
      return Optional.empty();
    }
    requireCrc(ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(), bytes, bytes.length);
    try {
      Event event = Event.parseFrom(bytes);
      position += HEADER + length + Integer.BYTES;
      return Optional.of(event);
    } catch (InvalidProtocolBufferException e) {
      throw broken("expected an event, found " + e.getMessage());
    }
  }

  private void requireCrc(int expected, byte[] bytes, int length) throws IOException {
    int found = EventFile.maskedCrc(bytes, length);
    if (found != expected) {
      throw broken("expected the checksum %08x, found %08x".formatted(expected, found));
    }
  }

  private IOException broken(String reason) {
    return new IOException("broken from byte " + position + " on: " + reason);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
