package org.imageperformer.tools.cli;

import java.io.PrintWriter;
import org.imageperformer.training.listener.TrainingListener;

/** Says where a run writes and on how many images it works. */
final class RunLines implements TrainingListener {
  private final PrintWriter err;

  RunLines(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void runStarted(RunStarted event) {
    err.println("run directory: " + event.directory());
    err.println(
        "%s images to train on, %s to validate on, %s to test on"
            .formatted(event.trainImages(), event.validationImages(), event.testImages()));
  }
}
