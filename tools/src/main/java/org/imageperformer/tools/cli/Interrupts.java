package org.imageperformer.tools.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * Ctrl-C and the request to terminate. The first of them is handed to its listener; the next one
 * ends the process at once, as it would without this.
 */
public final class Interrupts implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("INT", "TERM");

  private final AtomicBoolean listening = new AtomicBoolean(true);

  private Interrupts() {}

  /**
   * Listens until closed.
   *
   * @param listener is called once at most, by a thread of its own
   */
  public static Interrupts listen(Runnable listener) {
    Interrupts interrupts = new Interrupts();
    for (String signal : SIGNALS) {
      Signals.register(
          signal,
          () -> {
            if (interrupts.stopListening()) {
              listener.run();
            }
          });
    }
    return interrupts;
  }

  private boolean stopListening() {
    boolean first = listening.getAndSet(false);
    if (first) {
      SIGNALS.forEach(Signals::registerDefault);
    }
    return first;
  }

  @Override
  public void close() {
    stopListening();
  }
}
