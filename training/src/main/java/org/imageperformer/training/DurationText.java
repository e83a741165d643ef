package org.imageperformer.training;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as the command line writes them: {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 2d}. */
public final class DurationText {

  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,7})h)?(?:(\\d{1,9})m)?(?:(\\d{1,10})s)?");

  private DurationText() {}

  /**
   * Reads a time.
   *
   * @param text days, hours, minutes and seconds, in this order, each a whole number and its
   *     letter; at least one of them
   * @throws IllegalArgumentException if it is none, or zero
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      Duration duration =
          Duration.ofDays(number(matcher, 1))
              .plusHours(number(matcher, 2))
              .plusMinutes(number(matcher, 3))
              .plusSeconds(number(matcher, 4));
      if (!duration.isZero()) {
        return duration;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no time: expected something like 90s, 30m, 1h30m or 2d, above 0");
  }

  private static long number(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
  }

  /**
   * Writes a time so that {@link #parse} reads it back.
   *
   * @param duration whole seconds, above 0
   */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), 'd');
    append(text, duration.toHoursPart(), 'h');
    append(text, duration.toMinutesPart(), 'm');
    append(text, duration.toSecondsPart(), 's');
    return text.toString();
  }

  private static void append(StringBuilder text, long number, char unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }
}
