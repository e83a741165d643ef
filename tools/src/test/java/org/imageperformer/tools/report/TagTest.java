package org.imageperformer.tools.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TagTest {
  @Test
  void textAndAttributesAreEscaped() {
    assertThat(Tag.of("b", "<i a=\"1\" b='2'>&lt;</i>").attr("title", "\"><i>&'").toString())
        .isEqualTo(
            "<b title=\"&quot;&gt;&lt;i&gt;&amp;&#39;\">"
                + "&lt;i a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;lt;&lt;/i&gt;</b>");
  }

  @Test
  void whatIsNoCharacterOfAPageIsReplaced() {
    assertThat(Tag.of("b", "\u0000\u001b\u0085a\ud800b\n\t\ud83d\ude00").toString())
        .isEqualTo("<b>\ufffd\ufffd\ufffda\ufffdb\n\t\ud83d\ude00</b>");
  }

  @Test
  void elementsWithoutContentHaveNoEnd() {
    assertThat(new Tag("div").add(new Tag("img").attr("alt", "x"), Tag.of("b", "y")).toString())
        .isEqualTo("<div><img alt=\"x\" /><b>y</b></div>\n");
  }
}
