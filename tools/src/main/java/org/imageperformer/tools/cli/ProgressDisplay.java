package org.imageperformer.tools.cli;

import java.io.PrintStream;

/** Shows how far a piece of work has come. Not thread-safe. */
public interface ProgressDisplay extends AutoCloseable {

  /**
   * A live bar.
   *
   * @param terminal that understands a carriage return, usually standard error; not closed
   */
  static ProgressDisplay bar(PrintStream terminal) {
    return new BarDisplay(terminal);
  }

  /**
   * A plain line every 5 seconds and no control characters.
   *
   * @param log usually standard error; not closed
   */
  static ProgressDisplay lines(PrintStream log) {
    return new LineDisplay(log, System::nanoTime);
  }

  /**
   * Something has moved on.
   *
   * @param task what is being done; another task than before ends that one
   * @param done how much of it
   * @param total all of it
   * @param message what else there is to say, may be empty
   */
  void show(String task, long done, long total, String message);

  /** Leaves the screen to whoever prints next. */
  void clear();

  @Override
  default void close() {
    clear();
  }
}
