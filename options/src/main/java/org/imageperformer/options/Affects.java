package org.imageperformer.options;

/** What another value of an option makes different (architecture.md, "An option"). */
public enum Affects {
  /** Where a run is kept; fixed once it exists. */
  NAME(false),
  /** The function that a model computes: a SavedModel must carry it. */
  MODEL(false),
  /** Which images there are. */
  DATA(false),
  /** The weights that a training ends with. */
  TRAINING(false),
  /** When a training stops, and what it is judged by at its end. */
  LIMIT(true),
  /** Where and in what order the same numbers are computed. */
  MACHINE(true);

  private final boolean changeable;

  Affects(boolean changeable) {
    this.changeable = changeable;
  }

  /** Whether a run that goes on may have another value than before, unless a row says so itself. */
  boolean changeable() {
    return changeable;
  }
}
