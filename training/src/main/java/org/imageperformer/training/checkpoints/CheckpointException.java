package org.imageperformer.training.checkpoints;

/** A checkpoint cannot be written or used. The message names the file and the reason. */
public final class CheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one line, fit to be shown to a user
   */
  public CheckpointException(String message) {
    super(oneLine(message));
  }

  /**
   * @param message one line, fit to be shown to a user
   * @param cause what went wrong underneath
   */
  public CheckpointException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Names in damaged files may hold anything: line breaks, and what a terminal would obey. */
  private static String oneLine(String message) {
    return message.replaceAll("\\p{Cc}", "?");
  }
}
