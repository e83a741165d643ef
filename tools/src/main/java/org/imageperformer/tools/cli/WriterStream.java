package org.imageperformer.tools.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Hands text on to a writer, for those who print to a stream. */
final class WriterStream extends OutputStream {
  private final Writer writer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final CharBuffer chars = CharBuffer.allocate(1024);

  /** Bytes of a character that is not whole yet. */
  private final ByteBuffer rest = ByteBuffer.allocate(8);

  private WriterStream(Writer writer) {
    this.writer = writer;
  }

  /** Returns a stream whose lines reach the writer at once. */
  static PrintStream over(Writer writer) {
    return new PrintStream(new WriterStream(writer), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(rest.position() + length);
    all.put(rest.flip()).put(bytes, offset, length).flip();
    do {
      decoder.decode(all, chars.clear(), false);
      writer.append(chars.flip());
    } while (chars.limit() > 0);
    rest.clear().put(all);
  }

  @Override
  public void flush() throws IOException {
    writer.flush();
  }
}
