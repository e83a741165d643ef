package org.imageperformer.tools.authors;

import org.imageperformer.savedmodels.OneLine;

/** Whole numbers of a pickle, which arrive as Integer, Long or BigInteger. */
final class Numbers {
  private Numbers() {}

  /** The value as a long that is not negative. */
  static long natural(Object value, String what) {
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= 0) {
        return number;
      }
    }
    String found = value instanceof Number ? value.toString() : "no whole number";
    throw new RefusedException(
        what + " is " + OneLine.of(found, 40) + ", expected a whole number from 0 to 2^63 - 1");
  }
}
