package org.imageperformer.tools.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged: warnings, or with {@code --verbose} what is going on as well. */
public final class LogLevel {
  private LogLevel() {}

  public static void set(boolean verbose) {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(verbose ? Level.INFO : Level.WARN);
    }
  }
}
