package org.imageperformer.serve.batching;

import java.util.ArrayList;
import java.util.List;

/**
 * How requests become batches; the names are those of TensorFlow Serving's batching parameters.
 *
 * @param maxBatchSize rows of a run
 * @param batchTimeoutMicros how long a row waits for others, in microseconds; 0 for not at all:
 *     those that arrived while others were computed go together
 * @param numBatchThreads runs beside each other
 * @param maxEnqueuedBatches batches that may wait for each signature of a model
 */
public record BatchingOptions(
    int maxBatchSize, long batchTimeoutMicros, int numBatchThreads, int maxEnqueuedBatches) {

  /** Checks all, and names all that is wrong at once. */
  public BatchingOptions {
    List<String> problems = new ArrayList<>();
    check("max_batch_size", maxBatchSize, 1, 1 << 20, problems);
    check("batch_timeout_micros", batchTimeoutMicros, 0, 60_000_000, problems);
    check("num_batch_threads", numBatchThreads, 1, 1024, problems);
    check("max_enqueued_batches", maxEnqueuedBatches, 1, 1 << 20, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void check(String name, long value, long least, long most, List<String> problems) {
    if (value < least || value > most) {
      problems.add("%s is %s, must be %s to %s".formatted(name, value, least, most));
    }
  }

  /** Rows that may wait for each signature of a model. */
  long capacity() {
    return (long) maxBatchSize * maxEnqueuedBatches;
  }
}
