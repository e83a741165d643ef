package org.imageperformer.training.checkpoints;

import org.imageperformer.savedmodels.OneLine;

/** A checkpoint cannot be written or used. The message names the file and the reason. */
public final class CheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one line, fit to be shown to a user
   */
  public CheckpointException(String message) {
    super(OneLine.of(message));
  }

  /**
   * @param message one line, fit to be shown to a user
   * @param cause what went wrong underneath
   */
  public CheckpointException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
