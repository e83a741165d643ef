package org.imageperformer.tools.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/** A plain line every few seconds, for a log file. */
final class LineDisplay implements ProgressDisplay {

  private static final long NANOS_BETWEEN = 5_000_000_000L;

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private long shown;

  LineDisplay(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    shown = nanoTime.getAsLong();
  }

  @Override
  public void show(String task, long done, long total, String message) {
    long now = nanoTime.getAsLong();
    if (now - shown >= NANOS_BETWEEN) {
      shown = now;
      out.println(task + "  " + done + "/" + total + (message.isEmpty() ? "" : "  " + message));
    }
  }

  @Override
  public void clear() {}
}
