package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void namesStandLeftAndNumbersRight() {
    TextTable table = new TextTable(1, "name", "n", "loss");
    table.add("α", "12345", "");
    table.add("a longer name", "1", "0.5");
    StringWriter out = new StringWriter();

    table.print(new PrintWriter(out));

    assertThat(out)
        .hasToString(
"""
name               n  loss
α              12345
a longer name      1   0.5
""");
  }

  @Test
  void aRowHasACellForEveryColumn() {
    TextTable table = new TextTable(1, "name", "n");

    assertThatThrownBy(() -> table.add("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 2 cells, found 1");
  }
}
