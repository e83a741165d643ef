package org.imageperformer.tools.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The line of a terminal that a bar is drawn on. The library's own asks for the terminal's width,
 * for which it starts a terminal library, and leaves an empty line behind.
 */
final class TerminalLine implements ProgressBarConsumer {

  /** Fits the narrowest usual terminal. */
  private static final int COLUMNS = 79;

  private final PrintStream out;
  private int written;

  TerminalLine(PrintStream out) {
    this.out = out;
  }

  @Override
  public int getMaxRenderedLength() {
    return COLUMNS;
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
