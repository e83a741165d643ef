package org.imageperformer.training;

/** A request to end the training as if a limit were reached, which any thread may make. */
public final class StopSignal {

  private volatile boolean requested;

  /** Asks the training to end after the step that it is at. */
  public void request() {
    requested = true;
  }

  /** Whether the training was asked to end. */
  public boolean requested() {
    return requested;
  }
}
