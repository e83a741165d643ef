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
  private final List<String> heard;

  private Interrupts(List<String> heard) {
    this.heard = heard;
  }

  /**
   * Listens until closed.
   *
   * @param listener is called once at most, by a thread of its own
   */
  public static Interrupts listen(Runnable listener) {
    return new Interrupts(SIGNALS).listenAs(listener);
  }

  /**
   * Listens to one of the two until closed, and to the other for nothing.
   *
   * @param signal INT or TERM
   * @param listener is called once at most, by a thread of its own
   */
  public static Interrupts listenTo(String signal, Runnable listener) {
    return new Interrupts(List.of(signal)).listenAs(listener);
  }

  private Interrupts listenAs(Runnable listener) {
    for (String signal : SIGNALS) {
      Signals.register(
          signal,
          () -> {
            if (stopListening() && heard.contains(signal)) {
              listener.run();
            }
          });
    }
    return this;
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
