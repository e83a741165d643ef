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

  /** Creates a variable for each weight, named as the weight. */
  public VariableWeights(Ops tf, Weights weights) {
    for (Weight weight : weights.all()) {
      Shape shape = Shape.of(weight.shape());
      Variable<TFloat32> variable = tf.withName(weight.name()).variable(shape, TFloat32.class);
      Ops assigning = tf.withSubScope("assign/" + weight.name());
      Placeholder<TFloat32> value =
          assigning.withName("value").placeholder(TFloat32.class, Placeholder.shape(shape));
      slots.put(
          weight.name(), new Slot(weight, variable, value, assigning.assign(variable, value)));
    }
  }

  @Override
  public Operand<TFloat32> read(Ops tf, Weight weight) {
    return variable(weight);
  }

  /** The variable of a weight. */
  public Variable<TFloat32> variable(Weight weight) {
    return slots.get(weight.name()).variable();
  }

  /**
   * Sets variables.
   *
   * @param values row-major values by name; weights that are not named keep theirs
   * @throws IllegalArgumentException for an unknown name or a wrong number of values
   */
  public void assign(Session session, Map<String, float[]> values) {
    for (Map.Entry<String, float[]> entry : values.entrySet()) {
      Slot slot = slots.get(entry.getKey());
      if (slot == null) {
        throw new IllegalArgumentException("the model has no weight '" + entry.getKey() + "'");
      }
      if (slot.weight().size() != entry.getValue().length) {
        throw new IllegalArgumentException(
            slot.weight() + " cannot take " + entry.getValue().length + " values");
      }
      try (TFloat32 tensor =
              TFloat32.tensorOf(Shape.of(slot.weight().shape()), DataBuffers.of(entry.getValue()));
          Result assigned =
              session.runner().feed(slot.value(), tensor).addTarget(slot.assign()).run()) {
        assert assigned.size() == 0;
      }
    }
  }

  /** Reads the values of all weights by name, row-major. */
  public Map<String, float[]> values(Session session) {
    List<Slot> all = List.copyOf(slots.values());
    Session.Runner runner = session.runner();
    all.forEach(slot -> runner.fetch(slot.variable()));
    Map<String, float[]> values = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      for (int i = 0; i < all.size(); i++) {
        float[] flat = new float[all.get(i).weight().size()];
        ((TFloat32) result.get(i)).copyTo(DataBuffers.of(flat));
        values.put(all.get(i).weight().name(), flat);
      }
    }
    return values;
  }
}
