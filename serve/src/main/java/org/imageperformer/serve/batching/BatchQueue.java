package org.imageperformer.serve.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.imageperformer.serve.tensors.RefusedRequestException;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.imageperformer.serve.tensors.TensorValues;

/** The requests that wait for one signature of a model. */
public final class BatchQueue {
  private final BatchScheduler scheduler;
  private final BatchRunner runner;
  private final boolean batchable;
  private final BatchListener listener;

  /** What is below is guarded by the scheduler's lock. */
  private final Deque<Task> waiting = new ArrayDeque<>();

  private long waitingRows;

  BatchQueue(
      BatchScheduler scheduler, BatchRunner runner, boolean batchable, BatchListener listener) {
    this.scheduler = scheduler;
    this.runner = runner;
    this.batchable = batchable;
    this.listener = listener;
  }

  /**
   * Has a request computed, with others or in several parts as it comes.
   *
   * @param inputs by name
   * @return the outputs by name, or a {@link RefusedRequestException}; if it is cancelled before it
   *     was begun, it is left out
   * @throws RefusedRequestException when too many are waiting, or it has more rows than may wait
   */
  public CompletableFuture<Map<String, TensorValues>> submit(Map<String, TensorValues> inputs) {
    List<Task> tasks = tasks(inputs);
    long rows = tasks.stream().mapToLong(Task::rows).sum();
    long capacity = capacity();
    if (rows > capacity) {
      throw RefusedRequestException.invalid(
          "expected at most %s rows in a request, found %s (--max_batch_size x"
                  .formatted(capacity, rows)
              + " --max_enqueued_batches)");
    }
    if (!scheduler.enqueue(this, tasks)) {
      listener.onFull();
      throw new RefusedRequestException(
          Reason.UNAVAILABLE,
          "The batch scheduling queue to which this task was submitted is full");
    }
    return tasks.size() == 1 ? tasks.get(0).outputs() : joined(tasks);
  }

  /** Returns the number of rows that wait. */
  public long length() {
    return scheduler.locked(() -> waitingRows);
  }

  long capacity() {
    return batchable ? scheduler.options().capacity() : scheduler.options().maxEnqueuedBatches();
  }

  /** Whether so many more rows may wait. */
  boolean takes(long rows) {
    return waitingRows + rows <= capacity();
  }

  void add(Task task) {
    waiting.add(task);
    waitingRows += task.rows();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Nanoseconds until the oldest request need not wait for others any longer; 0 or less for now.
   */
  long nanosLeft(long now) {
    if (!batchable || waitingRows >= scheduler.options().maxBatchSize()) {
      return 0;
    }
    long waited = now - waiting.element().arrived();
    return scheduler.options().batchTimeoutMicros() * 1000 - waited;
  }

  /** Takes the next batch out; empty if all that were asked for were given up. */
  List<Task> take() {
    List<Task> batch = new ArrayList<>();
    int rows = 0;
    while (!waiting.isEmpty()) {
      Task next = waiting.element();
      boolean givenUp = next.outputs().isDone();
      if (!givenUp && !batch.isEmpty()) {
        if (!batchable
            || rows + next.rows() > scheduler.options().maxBatchSize()
            || !next.goesWith(batch.get(0))) {
          break;
        }
      }
      waiting.remove();
      waitingRows -= next.rows();
      if (!givenUp) {
        batch.add(next);
        rows += next.rows();
      }
    }
    return batch;
  }

  /** Computes a batch; a request that spoils it spoils its own answer only. */
  void run(List<Task> batch) {
    listener.onBatch(batch.stream().mapToInt(Task::rows).sum());
    if (batch.size() == 1) {
      runAlone(batch.get(0));
      return;
    }
    Map<String, TensorValues> outputs;
    int rows = batch.stream().mapToInt(Task::rows).sum();
    try {
      Map<String, TensorValues> inputs = new LinkedHashMap<>();
      for (String name : batch.get(0).inputs().keySet()) {
        inputs.put(
            name,
            TensorValues.concat(batch.stream().map(task -> task.inputs().get(name)).toList()));
      }
      outputs = runner.run(inputs);
    } catch (RuntimeException e) {
      batch.forEach(this::runAlone);
      return;
    }
    if (!areRows(outputs, rows)) {
      batch.forEach(this::runAlone);
      return;
    }
    int first = 0;
    for (Task task : batch) {
      int from = first;
      int to = first + task.rows();
      Map<String, TensorValues> part = new LinkedHashMap<>();
      outputs.forEach((name, values) -> part.put(name, values.rows(from, to)));
      task.outputs().complete(part);
      first = to;
    }
  }

  private void runAlone(Task task) {
    try {
      task.outputs().complete(runner.run(task.inputs()));
    } catch (RuntimeException e) {
      task.outputs().completeExceptionally(e);
    }
  }

  private static boolean areRows(Map<String, TensorValues> outputs, int rows) {
    return outputs.values().stream().allMatch(o -> o.rank() > 0 && o.size(0) == rows);
  }

  private List<Task> tasks(Map<String, TensorValues> inputs) {
    long now = System.nanoTime();
    int rows = batchable ? rows(inputs) : 1;
    int most = scheduler.options().maxBatchSize();
    if (rows <= most) {
      return List.of(new Task(inputs, rows, now, new CompletableFuture<>()));
    }
    List<Task> tasks = new ArrayList<>();
    for (int first = 0; first < rows; first += most) {
      int from = first;
      int to = Math.min(rows, first + most);
      Map<String, TensorValues> part = new LinkedHashMap<>();
      inputs.forEach((name, values) -> part.put(name, values.rows(from, to)));
      tasks.add(new Task(part, to - from, now, new CompletableFuture<>()));
    }
    return tasks;
  }

  private static int rows(Map<String, TensorValues> inputs) {
    long rows = -1;
    for (Map.Entry<String, TensorValues> input : inputs.entrySet()) {
      long size = input.getValue().size(0);
      if (rows >= 0 && size != rows) {
        throw RefusedRequestException.invalid(
            "input %s: expected %s rows, as in the other inputs, found %s"
                .formatted(input.getKey(), rows, size));
      }
      rows = size;
    }
    return Math.toIntExact(rows);
  }

  private static CompletableFuture<Map<String, TensorValues>> joined(List<Task> tasks) {
    CompletableFuture<Map<String, TensorValues>> whole =
        CompletableFuture.allOf(tasks.stream().map(Task::outputs).toArray(CompletableFuture[]::new))
            .thenApply(nothing -> join(tasks));
    var unused =
        whole.exceptionally(
            failure -> {
              tasks.forEach(task -> task.outputs().cancel(false));
              return Map.of();
            });
    return whole;
  }

  private static Map<String, TensorValues> join(List<Task> tasks) {
    List<Map<String, TensorValues>> parts =
        tasks.stream().map(task -> task.outputs().join()).toList();
    for (int i = 0; i < parts.size(); i++) {
      if (!areRows(parts.get(i), tasks.get(i).rows())) {
        throw new RefusedRequestException(
            Reason.INTERNAL,
            "an output has another number of rows than the inputs, which this model's signature"
                + " does not say; send at most --max_batch_size rows at a time");
      }
    }
    Map<String, TensorValues> outputs = new LinkedHashMap<>();
    for (String name : parts.get(0).keySet()) {
      outputs.put(name, TensorValues.concat(parts.stream().map(p -> p.get(name)).toList()));
    }
    return outputs;
  }
}
