package org.imageperformer.tools.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.imageperformer.eval.EvalListener;
import org.imageperformer.savedmodels.OneLine;

/** Tells a person how evaluations go. */
public final class EvalProgress implements EvalListener, AutoCloseable {
  private final PrintWriter err;
  private final ProgressDisplay display;
  private final Set<Path> seen = new HashSet<>();

  /** Progress of a command. */
  public EvalProgress(BaseCommand command) {
    this.err = command.err();
    this.display = command.progress();
  }

  @Override
  public synchronized void progress(Path run, String part, int done, int total) {
    if (seen.add(run)) {
      UnknownOptions.warning(run).ifPresent(text -> warned(run, text));
    }
    display.show(run + "  " + part, done, total, "");
  }

  @Override
  public synchronized void finished(Path run) {
    display.clear();
    err.println("done: " + run);
  }

  @Override
  public synchronized void skipped(Path run, String reason) {
    display.clear();
    err.println("warning: left out " + OneLine.of(run + ": " + reason));
  }

  @Override
  public synchronized void warned(Path run, String text) {
    display.clear();
    err.println("warning: " + OneLine.of(text));
  }

  @Override
  public synchronized void failed(Path run, RuntimeException reason) {
    display.clear();
    String text = FailureReport.reason(reason);
    // Most reasons name the run, or a file of it, themselves.
    err.println("error: " + (text.startsWith(run.toString()) ? text : run + ": " + text));
  }

  @Override
  public synchronized void close() {
    display.close();
  }
}
