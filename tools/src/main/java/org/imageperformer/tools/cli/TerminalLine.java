package org.imageperformer.tools.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The line of a terminal that a bar is drawn on. The library's own asks for the terminal's width,
 * for which it starts a terminal library, and leaves an empty line behind.
 */
final class TerminalLine implements ProgressBarConsumer {

  /** The system property in which the launcher says how wide the terminal is. */
  private static final String COLUMNS_PROPERTY = "performer.columns";

  private static final int USUAL_COLUMNS = 80;

  private final PrintStream out;
  private int written;

  TerminalLine(PrintStream out) {
    this.out = out;
  }

  @Override
  public int getMaxRenderedLength() {
    int columns = Integer.getInteger(COLUMNS_PROPERTY, USUAL_COLUMNS);
    // The last column stays free: some terminals begin a new line after it.
    return (columns > 1 ? columns : USUAL_COLUMNS) - 1;
  }

  @Override
  public synchronized void accept(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, written - line.length())));
    out.flush();
    written = line.length();
  }

  /** Leaves an empty line with the cursor at its beginning. */
  synchronized void erase() {
    if (written > 0) {
      accept("");
      out.print("\r");
      out.flush();
    }
  }

  @Override
  public void close() {}
}
