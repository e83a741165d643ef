package org.imageperformer.datasets.fetch;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands a response's body to a waiting thread piece by piece and gives up when too little comes:
 * the JDK's client limits the time to the header only.
 */
final class BodyReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  /** A transfer slower than this many bytes per time-out counts as stalled. */
  private static final long LEAST_BYTES = 1024;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Duration stall;
  private volatile Flow.Subscription subscription;
  private long deadline;
  private long bytesSinceDeadlineSet;

  BodyReader(Duration stall) {
    this.stall = stall;
    deadline = System.nanoTime() + stall.toNanos();
  }

  private record Event(List<ByteBuffer> buffers, Throwable failure) {}

  /**
   * Waits for the next piece.
   *
   * @return null at the end
   * @throws HttpTimeoutException if too little comes for too long
   * @throws IOException if the connection breaks
   */
  List<ByteBuffer> next() throws IOException, InterruptedException {
    Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (event == null) {
      throw new HttpTimeoutException("stalled for " + stall.toMillis() / 1000.0 + " s");
    }
    if (event.failure() != null) {
      throw new IOException(event.failure());
    }
    if (event.buffers() != null) {
      for (ByteBuffer buffer : event.buffers()) {
        bytesSinceDeadlineSet += buffer.remaining();
      }
      if (bytesSinceDeadlineSet >= LEAST_BYTES) {
        bytesSinceDeadlineSet = 0;
        deadline = System.nanoTime() + stall.toNanos();
      }
      subscription.request(1);
    }
    return event.buffers();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Event(buffers, null));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(null, failure));
  }

  @Override
  public void onComplete() {
    events.add(new Event(null, null));
  }

  /** Ends the transfer, whole or not. */
  @Override
  public void close() {
    Flow.Subscription given = subscription;
    if (given != null) {
      given.cancel();
    }
  }
}
