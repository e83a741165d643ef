package org.imageperformer.tools.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WriterStreamTest {
  private final StringWriter writer = new StringWriter();
  private final PrintStream stream = WriterStream.over(writer);

  @Test
  void textArrivesWhole() {
    String text = "Zürich 東京 🙂 ".repeat(400);

    stream.println(text);

    assertThat(writer).hasToString(text + System.lineSeparator());
  }

  @Test
  void charactersMayArriveByteByByte() {
    for (byte part : "ü東🙂".getBytes(UTF_8)) {
      stream.write(part);
    }
    stream.flush();

    assertThat(writer).hasToString("ü東🙂");
  }

  @Test
  void whatIsNoTextIsReplaced() {
    stream.write(0xff);
    stream.print("a");

    assertThat(writer).hasToString("\ufffda");
  }
}
