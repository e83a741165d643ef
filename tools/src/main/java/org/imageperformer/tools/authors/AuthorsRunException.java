package org.imageperformer.tools.authors;

import org.imageperformer.savedmodels.OneLine;

/**
 * A run of the authors' program that cannot be read. The message is one line that names the file,
 * what was expected and what was found.
 */
public final class AuthorsRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error whose message names the file concerned. */
  public AuthorsRunException(String message) {
    this(message, null);
  }

  /** An error whose message names the file concerned, and what caused it. */
  public AuthorsRunException(String message, Throwable cause) {
    super(OneLine.of(message, 2000), cause);
  }
}
