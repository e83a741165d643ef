package org.imageperformer.datasets;

/**
 * A data set that is missing, damaged or not what its name promises. The message names the file,
 * what was expected, what was found and what to do.
 */
public final class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the whole explanation, for the user
   */
  public DatasetException(String message) {
    super(message);
  }

  /**
   * Creates an exception with the failure that led to it.
   *
   * @param message the whole explanation, for the user
   * @param cause the failure beneath
   */
  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }

  static DatasetException mismatch(String file, String expected, String found, String remedy) {
    return new DatasetException(
        file + ": expected " + expected + ", found " + found + ". " + remedy);
  }
}
