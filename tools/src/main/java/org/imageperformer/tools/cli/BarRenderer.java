package org.imageperformer.tools.cli;

import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** The bar's line: the library's own writes its numbers as the locale does. */
final class BarRenderer implements ProgressBarRenderer {

  private static final int MOST_CELLS = 30;

  @Override
  public String render(ProgressState progress, int columns) {
    long percent = Math.round(100 * progress.getNormalizedProgress());
    String before = progress.getTaskName() + " " + percent + "% [";
    String message = progress.getExtraMessage();
    String after = message.isEmpty() ? "]" : "] " + message;
    int cells = Math.min(MOST_CELLS, columns - before.length() - after.length());
    if (cells < 1) {
      String line = before + after;
      return line.substring(0, Math.min(line.length(), columns));
    }
    int full = (int) Math.round(cells * progress.getNormalizedProgress());
    return before + "=".repeat(full) + " ".repeat(cells - full) + after;
  }
}
