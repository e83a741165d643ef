package org.imageperformer.tools.report;

import java.math.BigDecimal;
import java.util.Locale;
import org.imageperformer.eval.SweepAxis;

/** Numbers and other values as the report spells them, whatever the locale. */
final class Numerals {
  static final String NONE = "\u2013";

  private static final String NARROW_SPACE = "\u202f";
  private static final String MINUS = "\u2212";
  private static final int LONGEST = 200;

  /** Beyond this, zeros are counted by an exponent. */
  private static final double SMALLEST_PLAIN = 1e-7;

  private static final double LARGEST_PLAIN = 1e12;

  private Numerals() {}

  /** A loss in nats, or an accuracy. */
  static String fourDigits(double value) {
    return number("%.4f", value);
  }

  static String probability(double value) {
    return number("%.3f", value);
  }

  private static String number(String format, double value) {
    if (Double.isNaN(value)) {
      return "not a number";
    }
    if (Double.isInfinite(value)) {
      return (value < 0 ? MINUS : "") + "\u221e";
    }
    return String.format(Locale.ROOT, format, value).replace("-", MINUS);
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(",", NARROW_SPACE);
  }

  static String shift(int columns) {
    if (columns == 0) {
      return "0";
    }
    return (columns < 0 ? MINUS : "+") + Math.abs((long) columns);
  }

  /** Degrees, with their sign only if it is minus. */
  static String angle(double degrees) {
    return SweepAxis.text(degrees).replace("-", MINUS) + "\u00b0";
  }

  /** The value of a hyperparameter. */
  static String value(Object value) {
    if (value == null) {
      return "none";
    }
    if (value instanceof Double number) {
      double size = Math.abs(number);
      boolean plain = size == 0 || (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN);
      return plain
          ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
          : number.toString();
    }
    return shortened(value.toString());
  }

  /** What comes from a file may be of any length. */
  static String shortened(String text) {
    int length = text.codePointCount(0, text.length());
    return length <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "\u2026";
  }
}
