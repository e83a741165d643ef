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
   * @param file which one
   * @param expected what it should have or be
   * @param found what it has or is instead
   * @param remedy what to do, a whole sentence
   * @return the exception, to be thrown
   */
  public static DatasetException mismatch(
      String file, String expected, String found, String remedy) {
    return new DatasetException(
        file + ": expected " + expected + ", found " + found + ". " + remedy);
  }

  /**
   * Refuses a label beyond the classes.
   *
   * @param file where it is from
   * @param unit what the file is made of, such as {@code "record"}
   * @param position number of the unit in the file
   * @param label 0..255
   * @param classes labels must be below this
   * @throws DatasetException unless it is
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
