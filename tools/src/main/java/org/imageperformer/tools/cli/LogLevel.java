package org.imageperformer.tools.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged: warnings, or with {@code --verbose} what is going on as well. */
public final class LogLevel {
  private static final String LOGBACK = "ch.qos.logback.";

  private LogLevel() {}

  /** Sets it where Logback logs; beside Apache Spark Log4j does, with levels of its own. */
  public static void set(boolean verbose) {
    if (LoggerFactory.getILoggerFactory().getClass().getName().startsWith(LOGBACK)) {
      Logback.set(verbose);
    }
  }

  /** A class of its own, as that around it is loaded without Logback, too. */
  private static final class Logback {
    static void set(boolean verbose) {
      if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
        root.setLevel(verbose ? Level.INFO : Level.WARN);
      }
    }
  }
}
