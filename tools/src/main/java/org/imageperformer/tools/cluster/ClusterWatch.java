package org.imageperformer.tools.cluster;

import java.util.concurrent.CancellationException;

/** Tells a person how work on a cluster goes, and hands the wish to end it on to the work. */
public abstract class ClusterWatch {
  private Runnable canceller;
  private boolean cancelled;

  /**
   * Something has moved on; called by any thread, one at a time.
   *
   * @param done images or runs so far
   * @param total all of them
   */
  public abstract void progress(long done, long total);

  /**
   * Something is to be known.
   *
   * @param line without an end of line
   */
  public abstract void note(String line);

  /** Ends the work; once it has ended nothing happens. */
  public final synchronized void cancel() {
    cancelled = true;
    if (canceller != null) {
      canceller.run();
    }
  }

  /**
   * For the work: what ends it, at once where that was wished for before.
   *
   * @param action may be called several times
   */
  public final synchronized void onCancel(Runnable action) {
    canceller = action;
    if (cancelled) {
      action.run();
    }
  }

  /** Returns whether the end was wished for. */
  public final synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * For the work, between its parts.
   *
   * @throws CancellationException when the end was wished for
   */
  public final void check() {
    if (isCancelled()) {
      throw new CancellationException("interrupted");
    }
  }
}
