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

  /**
   * Says that a file is not as it should be.
   *
   * @param remedy what to do, a whole sentence
   */
  public static DatasetException mismatch(
      String file, String expected, String found, String remedy) {
    return new DatasetException(
        "%s: expected %s, found %s. %s".formatted(file, expected, found, remedy));
  }

  /**
   * Refuses a label beyond the classes.
   *
   * @param unit what the file is made of, such as {@code "record"}
   * @param position number of the unit in the file
   * @param classes labels must be below this
   */
  public static void checkLabel(String file, String unit, int position, byte label, int classes) {
    if ((label & 0xff) >= classes) {
      throw mismatch(
          file,
          "labels within 0.." + (classes - 1),
          (label & 0xff) + " in " + unit + " " + position,
          "The file is damaged or belongs to another data set.");
    }
  }
}
