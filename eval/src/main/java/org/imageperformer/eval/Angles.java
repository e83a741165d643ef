package org.imageperformer.eval;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The angles of a rotation experiment as they are written: {@code 0:345:15}, or a list. */
public final class Angles {
  private static final int MOST = 3600;
  private static final BigDecimal LARGEST = BigDecimal.valueOf(360);

  private Angles() {}

  /**
   * Reads angles.
   *
   * @param text {@code FROM:TO:STEP}, TO among them if the steps reach it, or {@code A,B,...};
   *     degrees from -360 to 360
   * @return one or more, in their order, each once
   * @throws EvalException when it is neither, or there are more than 3600
   */
  public static List<Double> parse(String text) {
    Set<Double> angles = new LinkedHashSet<>();
    if (text.contains(":")) {
      String[] parts = text.split(":", -1);
      if (parts.length != 3) {
        throw wrong(text);
      }
      BigDecimal from = angle(parts[0], text);
      BigDecimal to = angle(parts[1], text);
      BigDecimal step = angle(parts[2], text);
      if (step.signum() <= 0 || from.compareTo(to) > 0) {
        throw new EvalException(
            "--angles FROM:TO:STEP needs FROM at most TO and STEP above 0, found \"" + text + "\"");
      }
      if (to.subtract(from).compareTo(step.multiply(BigDecimal.valueOf(MOST - 1L))) > 0) {
        throw new EvalException(
            "--angles \"" + text + "\" are more than " + MOST + " angles: take a larger STEP");
      }
      for (BigDecimal next = from; next.compareTo(to) <= 0; next = next.add(step)) {
        angles.add(next.doubleValue());
      }
    } else {
      for (String part : text.split(",", -1)) {
        angles.add(angle(part, text).doubleValue());
      }
    }
    return List.copyOf(angles);
  }

  private static BigDecimal angle(String number, String text) {
    // A short plain number: an exponent could make one of a billion digits.
    if (!number.strip().matches("[+-]?[0-9]{1,3}([.][0-9]{1,9})?")) {
      throw wrong(text);
    }
    BigDecimal angle = new BigDecimal(number.strip());
    if (angle.abs().compareTo(LARGEST) > 0) {
      throw new EvalException("--angles go from -360 to 360 degrees, found " + number.strip());
    }
    return angle;
  }

  private static EvalException wrong(String text) {
    return new EvalException(
        "--angles should be FROM:TO:STEP or A,B,... in degrees, such as 0:345:15, found \""
            + text
            + "\"");
  }
}
