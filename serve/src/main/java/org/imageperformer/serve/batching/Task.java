package org.imageperformer.serve.batching;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.imageperformer.serve.tensors.TensorValues;

/**
 * Rows that stay together.
 *
 * @param inputs by name
 * @param rows in each of them
 * @param arrived by the nanosecond clock
 * @param outputs by name, when they are there
 */
record Task(
    Map<String, TensorValues> inputs,
    int rows,
    long arrived,
    CompletableFuture<Map<String, TensorValues>> outputs) {

  /** Whether both can be rows of one batch. */
  boolean goesWith(Task other) {
    return inputs.entrySet().stream()
        .allMatch(input -> input.getValue().hasRowsLike(other.inputs.get(input.getKey())));
  }
}
