package org.imageperformer.training.schedule;

import org.imageperformer.options.Labelled;

/** The shapes a learning rate can take over a run (models.md section 6). */
public enum ScheduleKind implements Labelled {
  /** The same from the end of the warm-up on. */
  CONSTANT("constant"),
  /** Falling with the inverse square root of the step from the end of the warm-up on. */
  NOAM("noam");

  private final String label;

  ScheduleKind(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
