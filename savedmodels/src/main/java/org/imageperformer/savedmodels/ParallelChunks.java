package org.imageperformer.savedmodels;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Divides 0 .. count into chunks and works on several at the same time. */
final class ParallelChunks {

  /** Work on the items first .. first + size. */
  @FunctionalInterface
  interface Worker {
    void work(int first, int size);
  }

  private final int count;
  private final int chunk;
  private final int threads;
  private final AtomicInteger next = new AtomicInteger();
  private int done;
  private volatile boolean stopped;

  ParallelChunks(int count, int chunk, int threads) {
    this.count = count;
    this.chunk = Math.max(1, Math.min(chunk, count));
    this.threads = Math.min(threads, (count + this.chunk - 1) / this.chunk);
  }

  int largest() {
    return chunk;
  }

  /**
   * Runs to the end; the first failure stops all and is thrown. Each thread gets its own worker.
   */
  void run(Supplier<Worker> workers, IntConsumer progress) {
    if (count == 0) {
      return;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "prediction");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(pool.submit(() -> loop(workers.get(), progress)));
      }
      await(futures);
    } finally {
      stopped = true;
      pool.shutdown();
    }
  }

  private void loop(Worker worker, IntConsumer progress) {
    try {
      while (!stopped) {
        int first = next.getAndAdd(chunk);
        if (first >= count) {
          return;
        }
        int size = Math.min(chunk, count - first);
        worker.work(first, size);
        synchronized (this) {
          done += size;
          progress.accept(done);
        }
      }
    } catch (RuntimeException | Error e) {
      stopped = true;
      throw e;
    }
  }

  private void await(List<Future<?>> futures) {
    RuntimeException failure = null;
    boolean interrupted = false;
    for (Future<?> future : futures) {
      while (true) {
        try {
          future.get();
          break;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          failure = failure == null ? (RuntimeException) e.getCause() : failure;
          break;
        } catch (InterruptedException e) {
          // A chunk under way cannot be broken off; wait for it, take no further one.
          interrupted = true;
          stopped = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new RunException("interrupted while predicting");
    }
    if (failure != null) {
      throw failure;
    }
  }
}
