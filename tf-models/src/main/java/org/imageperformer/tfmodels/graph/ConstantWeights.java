package org.imageperformer.tfmodels.graph;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Weights as constants of the graph: a graph for inference that needs no checkpoint. */
public final class ConstantWeights implements WeightSource {

  private final Map<String, float[]> values;
  private final Map<String, Operand<TFloat32>> constants = new HashMap<>();

  /**
   * @param weights the model's weights
   * @param values their values by name
   * @throws IllegalArgumentException if names or sizes do not fit
   */
  public ConstantWeights(Weights weights, Map<String, float[]> values) {
    weights.requireMatch(values);
    this.values = Map.copyOf(values);
  }

  @Override
  public Operand<TFloat32> read(Ops tf, Weight weight) {
    return constants.computeIfAbsent(
        weight.name(),
        name ->
            tf.withName(weight.operationName())
                .constant(Shape.of(weight.shape()), DataBuffers.of(values.get(name))));
  }
}
