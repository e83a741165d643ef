package org.imageperformer.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How often the checkpoint is written that a run goes on from. Whichever comes first counts; one is
 * written at the end of the training in any case.
 *
 * @param epochs after this many epochs
 * @param steps after this many steps
 * @param time after this time
 */
public record CheckpointEvery(OptionalInt epochs, OptionalLong steps, Optional<Duration> time) {

  /** After every epoch, and every 10 minutes. */
  public static final CheckpointEvery DEFAULT =
      new CheckpointEvery(
          OptionalInt.of(1), OptionalLong.empty(), Optional.of(Duration.ofMinutes(10)));

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");
  private static final String STEPS = "steps";

  /**
   * Reads the option's value.
   *
   * @param text {@code 1} or {@code 1epochs} (epochs), {@code 500steps}, {@code 10m} (a time), or
   *     several of them with commas between
   * @throws IllegalArgumentException if it is something else
   */
  public static CheckpointEvery parse(String text) {
    OptionalInt epochs = OptionalInt.empty();
    OptionalLong steps = OptionalLong.empty();
    Optional<Duration> time = Optional.empty();
    for (String part : text.split(",", -1)) {
      String number = part.strip().replaceFirst("(epochs?|steps?)$", "");
      if (part.contains("step") && NUMBER.matcher(number).matches() && steps.isEmpty()) {
        steps = OptionalLong.of(Long.parseLong(number));
      } else if (!part.contains("step") && NUMBER.matcher(number).matches() && epochs.isEmpty()) {
        epochs = OptionalInt.of(Integer.parseInt(number));
      } else {
        time = Optional.of(time(part.strip(), text, time));
      }
    }
    return new CheckpointEvery(epochs, steps, time);
  }

  private static Duration time(String part, String text, Optional<Duration> before) {
    try {
      if (before.isEmpty()) {
        return DurationText.parse(part);
      }
    } catch (IllegalArgumentException e) {
      throw refused(text);
    }
    throw refused(text);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no checkpoint_every: expected epochs such as 1, steps such as 500steps, a time"
            + " such as 10m, or one of each with commas between");
  }

  /** The text that {@link #parse} reads back. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    epochs.ifPresent(n -> parts.add(Integer.toString(n)));
    steps.ifPresent(n -> parts.add(n + STEPS));
    time.ifPresent(t -> parts.add(DurationText.format(t)));
    return String.join(",", parts);
  }
}
