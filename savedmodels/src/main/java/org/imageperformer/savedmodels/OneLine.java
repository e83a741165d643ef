package org.imageperformer.savedmodels;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text of files that may be damaged or hostile, and of exceptions, for one line of a message. */
public final class OneLine {
  private static final int NAME_LENGTH = 120;

  private static final Map<Class<?>, String> WORDS =
      Map.of(
          EOFException.class, "it ends too early",
          IOException.class, "it cannot be read or written",
          FileSystemException.class, "the system refuses it",
          AccessDeniedException.class, "permission denied",
          NoSuchFileException.class, "no such file or directory",
          FileAlreadyExistsException.class, "a file of this name is in the way",
          NotDirectoryException.class, "not a directory",
          DirectoryNotEmptyException.class, "the directory is not empty",
          FileSystemLoopException.class, "a loop of symbolic links");

  private static final Pattern CAMEL =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private OneLine() {}

  /** The name in double quotes, shortened, without control characters. */
  public static String quoted(String name) {
    return '"' + of(name, NAME_LENGTH) + '"';
  }

  /**
   * A whole message with {@code ?} for control characters: names in damaged files may hold
   * anything, line breaks and what a terminal would obey.
   */
  public static String of(String message) {
    return message.replaceAll("\\p{Cc}", "?");
  }

  /** The text cut to a length, with control and format characters (line ends too) as {@code ?}. */
  public static String of(String text, int length) {
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

  /** What went wrong in a library: its message, or its kind where it has none. */
  public static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? kind(cause)
        : of(message.strip().replaceAll("\\s+", " "), 300);
  }

  /** The same of a library that goes on at length: the first line of its message. */
  public static String firstLine(Throwable cause) {
    return firstLine(cause, cause.getMessage());
  }

  /**
   * What went wrong with a file, in words.
   *
   * @param path what was to be read or written; another file concerned is named
   */
  public static String reason(Exception cause, Path path) {
    if (cause instanceof UncheckedIOException unchecked) {
      return reason(unchecked.getCause(), path);
    }
    if (!(cause instanceof FileSystemException failure)) {
      return clause(cause, cause.getMessage());
    }
    String file = failure.getFile();
    return reason(failure)
        + (file == null || file.equals(path.toString()) ? "" : " (" + file + ")");
  }

  /** What went wrong, without the file: the messages of java.nio are often its bare name. */
  public static String reason(FileSystemException failure) {
    boolean plain = failure.getClass() == FileSystemException.class;
    String words = plain ? null : WORDS.get(failure.getClass());
    return words == null ? clause(failure, failure.getReason()) : words;
  }

  /** The first line of what an exception says, to go on with in a sentence. */
  private static String clause(Exception cause, String text) {
    String line = firstLine(cause, text);
    boolean sentence = text != null && line.matches("\\p{Lu}\\p{Ll}.*");
    return sentence ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
  }

  /** What a failure without a word of its own is, in words: "null pointer", "buffer underflow". */
  public static String kind(Throwable cause) {
    String name = cause.getClass().getSimpleName().replaceFirst("(?<=.)(Exception|Error)$", "");
    String words =
        CAMEL
            .splitAsStream(name)
            .map(word -> word.matches("[A-Z][a-z].*") ? word.toLowerCase(Locale.ROOT) : word)
            .collect(Collectors.joining(" "));
    return WORDS.getOrDefault(cause.getClass(), words);
  }

  private static String firstLine(Throwable cause, String text) {
    return text == null || text.isBlank()
        ? kind(cause)
        : text.strip().lines().findFirst().orElseThrow();
  }
}
