package org.imageperformer.training.schedule;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The shapes a learning rate can take over a run (models.md section 6). */
public enum ScheduleKind {
  /** The same from the end of the warm-up on. */
  CONSTANT("constant"),
  /** Falling with the inverse square root of the step from the end of the warm-up on. */
  NOAM("noam");

  private final String label;

  ScheduleKind(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The schedule of that label.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static ScheduleKind of(String label) {
    for (ScheduleKind value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    String known =
        Arrays.stream(values()).map(ScheduleKind::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown schedule '" + label + "'; known: " + known);
  }
}
