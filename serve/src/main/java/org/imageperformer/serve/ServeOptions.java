package org.imageperformer.serve;

import java.time.Duration;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.serve.batching.BatchingOptions;
import org.imageperformer.serve.http.HttpOptions;

/**
 * How models are served.
 *
 * @param http where requests are taken
 * @param batching how they become runs
 * @param load how models are run
 * @param poll between two looks for new versions
 */
public record ServeOptions(
    HttpOptions http, BatchingOptions batching, LoadOptions load, Duration poll) {

  /** Checks the time between two looks. */
  public ServeOptions {
    if (poll.isNegative() || poll.isZero()) {
      throw new IllegalArgumentException(
          "file_system_poll_wait_seconds is %s, must be at least 1".formatted(poll.toSeconds()));
    }
  }
}
