package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
   * one fails: native memory is in use until then.
   *
   * @param part what lane 0, 1, ... does
   * @return what each lane has returned
   * @throws RuntimeException or an error, the first lane's that failed; those of other lanes are
   *     suppressed in it
   */
  <T> List<T> run(IntFunction<T> part) {
    List<CompletableFuture<T>> all = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      int lane = i;
      all.add(CompletableFuture.supplyAsync(() -> part.apply(lane), threads));
    }
    all.add(0, CompletableFuture.supplyAsync(() -> part.apply(0), Runnable::run));
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    for (CompletableFuture<T> lane : all) {
      try {
        results.add(lane.join());
      } catch (CompletionException e) {
        if (failure == null) {
          failure = e.getCause();
        } else if (failure != e.getCause()) { // Java may run out of memory with one error for all.
          failure.addSuppressed(e.getCause());
        }
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

  @Override
  public void close() {
    threads.shutdown();
  }
}
