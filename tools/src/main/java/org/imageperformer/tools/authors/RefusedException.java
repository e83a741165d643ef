package org.imageperformer.tools.authors;

/** Why a file is refused, without the name of the file: whoever opened it knows the name. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String reason) {
    super(reason);
  }

  RefusedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
