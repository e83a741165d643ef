package org.imageperformer.tools.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A live bar, for a terminal. */
final class BarDisplay implements ProgressDisplay {

  private static final int UPDATE_MILLIS = 250;

  private final TerminalLine line;
  private ProgressBar bar;

  BarDisplay(PrintStream out) {
    line = new TerminalLine(out);
  }

  @Override
  public void show(String task, long done, long total, String message) {
    if (bar != null && !bar.getTaskName().equals(task)) {
      clear();
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              // Else a step that comes while the bar is drawn shows with the next one only.
              .continuousUpdate()
              .setConsumer(line)
              .setRenderer(new BarRenderer())
              .build();
    }
    bar.setExtraMessage(message);
    bar.stepTo(done);
  }

  @Override
  public void clear() {
    if (bar != null) {
      bar.close();
      line.erase();
      bar = null;
    }
  }
}
