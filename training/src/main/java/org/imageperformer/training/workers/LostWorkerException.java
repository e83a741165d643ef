package org.imageperformer.training.workers;

/**
 * A process of the training is gone, does not answer or never came: this process must end, and the
 * training starts again from its last checkpoint. The message is one line for the user.
 */
public final class LostWorkerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LostWorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
