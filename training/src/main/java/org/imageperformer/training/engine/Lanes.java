package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Threads that do the same work on different parts at the same time. */
final class Lanes implements AutoCloseable {

  private final int count;
  private final ExecutorService threads;

  Lanes(int count) {
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, count - 1),
            work -> {
              Thread thread = new Thread(work, "lane");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /**
   * Has every lane do its part, one after the other in this thread.
   *
   * @param part what lane 0, 1, ... does
   * @return what each lane has returned
   */
  <T> List<T> runInTurn(IntFunction<T> part) {
    return IntStream.range(0, count).mapToObj(part).toList();
  }

  /**
   * Has every lane do its part, one of them in this thread, and waits for all of them, also when
   * one fails.
   *
   * @param part what lane 0, 1, ... does
   * @return what each lane has returned
   */
  <T> List<T> run(IntFunction<T> part) {
    List<Future<T>> others = new ArrayList<>();
    for (int lane = 1; lane < count; lane++) {
      int other = lane;
      others.add(threads.submit(() -> part.apply(other)));
    }
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    try {
      results.add(part.apply(0));
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (Future<T> other : others) {
      try {
        results.add(await(other));
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
    return results;
  }

  /** Waits to the end even when interrupted: native memory is in use until then. */
  private static <T> T await(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) e.getCause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
