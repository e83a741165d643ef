package org.imageperformer.tfmodels.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Weights as variables of a graph, assigned and read by name. */
public final class VariableWeights implements WeightSource {

  private record Slot(
      Weight weight,
      Variable<TFloat32> variable,
      Placeholder<TFloat32> value,
      Operand<TFloat32> assign) {}

  private final Map<String, Slot> slots = new LinkedHashMap<>();

  /** Creates a variable for each weight, named as the weight with dots for slashes. */
  public VariableWeights(Ops tf, Weights weights) {
    for (Weight weight : weights.all()) {
      Shape shape = Shape.of(weight.shape());
      Variable<TFloat32> variable =
          tf.withName(weight.operationName()).variable(shape, TFloat32.class);
      Placeholder<TFloat32> value =
          tf.withName("assign." + weight.operationName())
              .placeholder(TFloat32.class, Placeholder.shape(shape));
      slots.put(weight.name(), new Slot(weight, variable, value, tf.assign(variable, value)));
    }
  }

  @Override
  public Operand<TFloat32> read(Ops tf, Weight weight) {
    // The value, not the reference: compiled functions take no references.
    return tf.identity(variable(weight));
  }

  /** The variable of a weight. */
  public Variable<TFloat32> variable(Weight weight) {
    return slots.get(weight.name()).variable();
  }

  /** All variables by their weights' names. */
  public Map<String, Variable<TFloat32>> byName() {
    Map<String, Variable<TFloat32>> variables = new LinkedHashMap<>();
    slots.forEach((name, slot) -> variables.put(name, slot.variable()));
    return variables;
  }

  /**
   * Sets variables.
   *
   * @param values row-major values by name; weights that are not named keep theirs
   * @throws IllegalArgumentException for an unknown name or a wrong number of values
   */
  public void assign(Session session, Map<String, float[]> values) {
    values.forEach(this::check);
    try (Run run = new Run(session)) {
      values.forEach(
          (name, value) -> {
            Slot slot = slots.get(name);
            Shape shape = Shape.of(slot.weight().shape());
            run.feed(slot.value(), TFloat32.tensorOf(shape, DataBuffers.of(value)))
                .target(slot.assign());
          });
      run.execute();
    }
  }

  private void check(String name, float[] values) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("the model has no weight '" + name + "'");
    }
    if (slot.weight().size() != values.length) {
      throw new IllegalArgumentException(
          slot.weight() + " cannot take " + values.length + " values");
    }
  }

  /** Reads the values of all weights by name, row-major. */
  public Map<String, float[]> values(Session session) {
    List<Slot> all = List.copyOf(slots.values());
    try (Run run = new Run(session)) {
      all.forEach(slot -> run.fetch(slot.variable()));
      Map<String, float[]> values = new LinkedHashMap<>();
      try (Result result = run.result()) {
        for (int i = 0; i < all.size(); i++) {
          float[] flat = new float[all.get(i).weight().size()];
          ((TFloat32) result.get(i)).copyTo(DataBuffers.of(flat));
          values.put(all.get(i).weight().name(), flat);
        }
      }
      return values;
    }
  }
}
