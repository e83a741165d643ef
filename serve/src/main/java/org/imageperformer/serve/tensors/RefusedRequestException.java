package org.imageperformer.serve.tensors;

/**
 * A request that cannot be answered as it is. The message is for whoever sent it: what was expected
 * and what was found.
 */
public final class RefusedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in the words of TensorFlow's error codes. */
  public enum Reason {
    /** The request is wrong. */
    INVALID_ARGUMENT(400),
    /** What it asks for is not here. */
    NOT_FOUND(404),
    /** It was not sent, or not answered, in time. */
    REQUEST_TIMEOUT(408),
    /** There is more of it than is taken. */
    TOO_LARGE(413),
    /** It has a form that is not read here. */
    UNSUPPORTED_MEDIA_TYPE(415),
    /** Too much is being computed. */
    RESOURCE_EXHAUSTED(429),
    /** The model failed. */
    INTERNAL(500),
    /** It asks for what this server does not do. */
    UNIMPLEMENTED(501),
    /** Too many requests are waiting; another time it would be answered. */
    UNAVAILABLE(503),
    /** Its answer took too long. */
    DEADLINE_EXCEEDED(504);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** Returns the HTTP status. */
    public int status() {
      return status;
    }
  }

  private final Reason reason;

  /**
   * @param reason why
   * @param message for whoever sent it
   */
  public RefusedRequestException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * @param reason why
   * @param message for whoever sent it
   * @param cause what went wrong underneath
   */
  public RefusedRequestException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns the refusal of a wrong request. */
  public static RefusedRequestException invalid(String message) {
    return new RefusedRequestException(Reason.INVALID_ARGUMENT, message);
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }
}
