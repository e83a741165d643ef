package org.imageperformer.tools.cli;

/** An expected failure of a command: its message says all that its user needs. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason what went wrong, what was expected and found, and what to do next
   */
  public CommandFailure(String reason) {
    super(reason);
  }

  /**
   * @param reason what went wrong, what was expected and found, and what to do next
   * @param cause what {@code --verbose} shows below it
   */
  public CommandFailure(String reason, Throwable cause) {
    super(reason, cause);
  }
}
