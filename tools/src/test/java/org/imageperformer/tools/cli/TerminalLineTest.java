package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalLineTest {
  @AfterEach
  void forget() {
    System.clearProperty("performer.columns");
  }

  /** As many columns as the terminal has, less one. */
  @ParameterizedTest
  @CsvSource({"40, 39", "200, 199", "0, 79", "none, 79"})
  void isNoWiderThanTheTerminal(String columns, int width) {
    System.setProperty("performer.columns", columns);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TerminalLine line = new TerminalLine(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    assertThat(line.getMaxRenderedLength()).isEqualTo(width);
  }
}
