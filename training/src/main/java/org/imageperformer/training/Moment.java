package org.imageperformer.training;

/**
 * What a training that is to end in time, or on request, must know: what is not the same in all of
 * its processes, and travels with their steps, so that they decide alike.
 *
 * @param stopRequested whether the training was asked to end
 * @param elapsedSeconds of the whole run
 */
public record Moment(boolean stopRequested, double elapsedSeconds) {

  /** At the beginning of a run. */
  public static final Moment START = new Moment(false, 0);
}
