package org.imageperformer.datasets.fetch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** A transfer that failed at the mirror or on the way, as opposed to a disk that failed. */
final class TransferException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean worthRetrying;

  private TransferException(String reason, boolean worthRetrying, Throwable cause) {
    super(reason, cause);
    this.worthRetrying = worthRetrying;
  }

  /** The mirror answered, but will never give the file. */
  static TransferException useless(String reason) {
    return new TransferException(reason, false, null);
  }

  /** What is here cannot be gone on with. */
  static TransferException fromTheStart(String reason) {
    return new TransferException(reason, true, null);
  }

  static TransferException broken(IOException e) {
    boolean unreachable = false;
    String reason = e.toString();
    for (Throwable t = e; t != null; t = t.getCause()) {
      unreachable |=
          t instanceof ConnectException
              || t instanceof UnknownHostException
              || t instanceof UnresolvedAddressException
              || t instanceof HttpConnectTimeoutException;
      if (t.getMessage() != null) {
        reason = t.getMessage();
      }
    }
    return unreachable
        ? new TransferException("cannot be reached", false, e)
        : new TransferException(reason, true, e);
  }

  /** Whether the same mirror may be asked again. */
  boolean worthRetrying() {
    return worthRetrying;
  }
}
