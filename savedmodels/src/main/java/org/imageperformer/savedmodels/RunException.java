package org.imageperformer.savedmodels;

import java.io.IOException;
import java.nio.file.Path;

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
    super(OneLine.of(message));
  }

  /**
   * Reading or writing failed.
   *
   * @param message one line, fit to be shown to a user
   * @param cause what went wrong underneath
   */
  public RunException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }

  static RunException cannot(String action, Path path, IOException cause) {
    return new RunException(
        "cannot " + action + " " + path + ": " + OneLine.reason(cause, path), cause);
  }
}
