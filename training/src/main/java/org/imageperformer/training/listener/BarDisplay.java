package org.imageperformer.training.listener;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A live bar, for a terminal. */
final class BarDisplay implements ProgressDisplay {

  /** Fits the narrowest usual terminal: asking for the width would start a terminal library. */
  private static final int COLUMNS = 79;

  private static final int UPDATE_MILLIS = 250;

  private final PrintStream out;
  private ProgressBar bar;

  BarDisplay(PrintStream out) {
    this.out = out;
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
              .setConsumer(new ConsoleProgressBarConsumer(out, COLUMNS))
              .setRenderer(new BarRenderer())
              .clearDisplayOnFinish()
              .build();
    }
    bar.setExtraMessage(message);
    bar.stepTo(done);
  }

  @Override
  public void clear() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
