package org.imageperformer.savedmodels;

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

/** Text of files that may be damaged or hostile, and of exceptions, for one line of a message. */
public final class OneLine {
  private static final int NAME_LENGTH = 120;

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
        ? cause.getClass().getSimpleName()
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
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "a file of this name is in the way";
    }
    if (failure instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    if (failure instanceof FileSystemLoopException) {
      return "a loop of symbolic links";
    }
    return clause(failure, failure.getReason());
  }

  /** The first line of what an exception says, to go on with in a sentence. */
  private static String clause(Exception cause, String text) {
    String line = firstLine(cause, text);
    boolean sentence = text != null && line.matches("\\p{Lu}\\p{Ll}.*");
    return sentence ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
  }

  private static String firstLine(Throwable cause, String text) {
    return text == null || text.isBlank()
        ? cause.getClass().getSimpleName()
        : text.strip().lines().findFirst().orElseThrow();
  }
}
