package org.imageperformer.eval;

import org.imageperformer.savedmodels.OneLine;

/**
 * An evaluation that cannot be done as asked: no runs, labels or shifts that the data set does not
 * have, an image or table that cannot be read. The message is one line that says what to do.
 */
public final class EvalException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Something asked for is not there or does not fit.
   *
   * @param message one line, fit to be shown to a user
   */
  public EvalException(String message) {
    super(OneLine.of(message));
  }

  /**
   * Something asked for failed.
   *
   * @param message one line, fit to be shown to a user
   * @param cause what went wrong underneath
   */
  public EvalException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
