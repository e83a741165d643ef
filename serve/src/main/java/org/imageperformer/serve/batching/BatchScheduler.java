package org.imageperformer.serve.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that compute batches of all models, in turn: more of them would only share the same
 * cores. A batch is taken when it is full, or when its oldest request has waited long enough.
 */
public final class BatchScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchScheduler.class);

  private final BatchingOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Queues in which something waits, the one whose turn it is first. */
  private final Deque<BatchQueue> active = new ArrayDeque<>();

  private final List<Thread> threads = new ArrayList<>();
  private boolean hurrying;
  private boolean closed;

  /** Starts the threads. */
  public BatchScheduler(BatchingOptions options) {
    this.options = options;
    for (int i = 0; i < options.numBatchThreads(); i++) {
      Thread thread = new Thread(this::work, "batches-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Returns how requests become batches. */
  public BatchingOptions options() {
    return options;
  }

  /**
   * Returns a new queue.
   *
   * @param runner of the signature
   * @param batchable whether rows of several requests may be computed together, and those of one
   *     apart, without a difference to their outputs
   * @param listener is told of batches
   */
  public BatchQueue queue(BatchRunner runner, boolean batchable, BatchListener listener) {
    return new BatchQueue(this, runner, batchable, listener);
  }

  /** Adds all tasks, or none if there is no room for them or it is closed. */
  boolean enqueue(BatchQueue queue, List<Task> tasks) {
    lock.lock();
    try {
      long rows = tasks.stream().mapToLong(Task::rows).sum();
      if (closed || !queue.takes(rows)) {
        return false;
      }
      if (queue.isEmpty()) {
        active.add(queue);
      }
      tasks.forEach(queue::add);
      if (tasks.size() == 1) {
        changed.signal();
      } else {
        changed.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  <T> T locked(Supplier<T> reader) {
    lock.lock();
    try {
      return reader.get();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      while (true) {
        BatchQueue queue;
        List<Task> batch;
        lock.lockInterruptibly();
        try {
          queue = await();
          if (queue == null) {
            return;
          }
          active.remove(queue);
          batch = queue.take();
          if (!queue.isEmpty()) {
            active.add(queue);
            changed.signal();
          }
        } finally {
          lock.unlock();
        }
        if (!batch.isEmpty()) {
          run(queue, batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next queue with a batch to be computed; null at the end. */
  private BatchQueue await() throws InterruptedException {
    while (true) {
      long shortest = Long.MAX_VALUE;
      long now = System.nanoTime();
      for (BatchQueue queue : active) {
        long left = hurrying ? 0 : queue.nanosLeft(now);
        if (left <= 0) {
          return queue;
        }
        shortest = Math.min(shortest, left);
      }
      if (active.isEmpty()) {
        if (closed) {
          return null;
        }
        changed.await();
      } else {
        changed.awaitNanos(shortest);
      }
    }
  }

  private static void run(BatchQueue queue, List<Task> batch) {
    try {
      queue.run(batch);
    } catch (Throwable e) {
      // The thread goes on for other requests, whatever it was; these get their answer, too.
      LOG.error("a batch failed", e);
      batch.forEach(task -> task.outputs().completeExceptionally(e));
    }
  }

  /** From now on no batch waits for more rows. */
  public void hurry() {
    lock.lock();
    try {
      hurrying = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests, computes those that wait and ends the threads. */
  @Override
  public void close() {
    lock.lock();
    try {
      hurrying = true;
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.MINUTES.toMillis(1));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
