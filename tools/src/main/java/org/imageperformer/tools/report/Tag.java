package org.imageperformer.tools.report;

import java.util.Set;
import org.imageperformer.tools.plots.Svg;

/**
 * An HTML element under construction. All text and all values of attributes are escaped; names of
 * elements and attributes are the program's own. Children are complete when they are added.
 */
final class Tag {
  /** Elements without content, by the standard. */
  private static final Set<String> VOID = Set.of("img", "meta", "wbr");

  private static final int REPLACEMENT = 0xFFFD;

  private final String name;
  private final StringBuilder attributes = new StringBuilder();
  private final StringBuilder content = new StringBuilder();

  Tag(String name) {
    this.name = name;
  }

  /** An element with nothing but text. */
  static Tag of(String name, String text) {
    return new Tag(name).text(text);
  }

  Tag attr(String attribute, String value) {
    attributes.append(' ').append(attribute).append("=\"");
    escape(value, attributes);
    attributes.append('"');
    return this;
  }

  /** Gives it a class of the style sheet; none if empty. */
  Tag type(String cssClass) {
    return cssClass.isEmpty() ? this : attr("class", cssClass);
  }

  Tag text(String text) {
    escape(text, content);
    return this;
  }

  Tag add(Tag... children) {
    for (Tag child : children) {
      child.write(content);
    }
    return this;
  }

  /** Adds a drawing, which is markup of our own. */
  Tag add(Svg drawing) {
    content.append(drawing.markup());
    return this;
  }

  /** Adds what is no text to HTML either: the style sheet. */
  Tag style(StyleSheet sheet) {
    content.append(sheet.css());
    return this;
  }

  private void write(StringBuilder target) {
    target.append('<').append(name).append(attributes);
    if (VOID.contains(name)) {
      // The slash means nothing to HTML, and makes the page XML as well.
      target.append(" />");
    } else {
      target.append('>').append(content).append("</").append(name).append('>');
    }
    if (isBlock()) {
      target.append('\n');
    }
  }

  /** Whether a line break after it shows nowhere. */
  private boolean isBlock() {
    return switch (name) {
      case "tr",
          "table",
          "thead",
          "tbody",
          "section",
          "p",
          "h1",
          "h2",
          "h3",
          "figure",
          "li",
          "meta",
          "title",
          "style",
          "head",
          "header",
          "main",
          "footer",
          "div" ->
          true;
      default -> false;
    };
  }

  private static void escape(String text, StringBuilder target) {
    text.codePoints()
        .map(Tag::shown)
        .forEach(
            c -> {
              switch (c) {
                case '&' -> target.append("&amp;");
                case '<' -> target.append("&lt;");
                case '>' -> target.append("&gt;");
                case '"' -> target.append("&quot;");
                case '\'' -> target.append("&#39;");
                default -> target.appendCodePoint(c);
              }
            });
  }

  /** Control characters and halves of characters, which names of files may have, are no HTML. */
  private static int shown(int c) {
    boolean refused = Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    return refused && c != '\n' && c != '\t' ? REPLACEMENT : c;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }
}
