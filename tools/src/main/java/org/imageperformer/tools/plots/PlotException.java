package org.imageperformer.tools.plots;

/** Results that cannot be drawn, or a picture that cannot be written; the message says why. */
public final class PlotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PlotException(String reason) {
    super(reason);
  }

  PlotException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
