package org.imageperformer.tools.authors;

/** Text from a file that may be hostile, made fit for one line of an error message. */
final class OneLine {
  private static final int NAME_LENGTH = 120;

  private OneLine() {}

  /** The name in double quotes, shortened, without control characters. */
  static String quoted(String name) {
    return '"' + of(name, NAME_LENGTH) + '"';
  }

  /** What went wrong in a library: its message, or its kind where it has none. */
  static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : of(message.strip().replaceAll("\\s+", " "), 300);
  }

  /** The text cut to a length, with control and format characters (line ends too) as {@code ?}. */
  static String of(String text, int length) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), length) + 3);
    text.codePoints()
        .limit(length)
        .map(c -> isPrintable(c) ? c : '?')
        .forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > length
        ? line.append("...").toString()
        : line.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
