package org.imageperformer.serve.batching;

import java.util.Map;
import org.imageperformer.serve.tensors.TensorValues;

/** Computes a signature of a model. Called by several threads. */
@FunctionalInterface
public interface BatchRunner {
  /**
   * Runs it.
   *
   * @param inputs by name
   * @return outputs by name
   * @throws org.imageperformer.serve.tensors.RefusedRequestException when the inputs cannot be
   *     computed, or the model fails
   */
  Map<String, TensorValues> run(Map<String, TensorValues> inputs);
}
