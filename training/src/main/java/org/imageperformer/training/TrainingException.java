package org.imageperformer.training;

/** A training cannot begin, go on or end as asked. The message is one line for the user. */
public final class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public TrainingException(String message) {
    super(message);
  }
}
