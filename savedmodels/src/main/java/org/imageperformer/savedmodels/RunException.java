package org.imageperformer.savedmodels;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Something that a run left behind cannot be used or written: a run directory, its hyperparameters,
 * results or SavedModel. The message is one line that names the file, what was expected and what
 * was found.
 */
public final class RunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Something is wrong with the content of a file or folder.
   *
   * @param message one line, fit to be shown to a user
   */
  public RunException(String message) {
    super(oneLine(message));
  }

  /**
   * Reading or writing failed.
   *
   * @param message one line, fit to be shown to a user
   * @param cause what went wrong underneath
   */
  public RunException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Names in damaged files may hold anything: line breaks, and what a terminal would obey. */
  private static String oneLine(String message) {
    return message.replaceAll("\\p{Cc}", "?");
  }

  static RunException cannot(String action, Path path, IOException cause) {
    return new RunException("cannot " + action + " " + path + ": " + reason(cause, path), cause);
  }

  /** The reason in words: the messages of java.nio are often the bare name of a file. */
  static String reason(IOException cause, Path path) {
    String about = "";
    if (cause instanceof FileSystemException failure
        && failure.getFile() != null
        && !failure.getFile().equals(path.toString())) {
      about = " (" + failure.getFile() + ")";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied" + about;
    }
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory" + about;
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file of this name is in the way" + about;
    }
    if (cause instanceof NotDirectoryException) {
      return "not a directory" + about;
    }
    if (cause instanceof DirectoryNotEmptyException) {
      return "the directory is not empty" + about;
    }
    if (cause instanceof FileSystemLoopException) {
      return "a loop of symbolic links" + about;
    }
    String text =
        cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
    if (text == null || text.isBlank()) {
      return cause.getClass().getSimpleName() + about;
    }
    String line = text.lines().findFirst().orElse("").strip();
    return line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) + about;
  }
}
