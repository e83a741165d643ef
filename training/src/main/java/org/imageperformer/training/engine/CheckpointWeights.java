package org.imageperformer.training.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The weights in a checkpoint, without a training graph around them. */
public final class CheckpointWeights {

  private CheckpointWeights() {}

  /**
   * Reads the weights of a model.
   *
   * @param directory that {@link TrainingGraph#save} filled
   * @return row-major values by name
   * @throws org.imageperformer.training.checkpoints.CheckpointException listing every weight whose
   *     name or shape does not fit
   */
  public static Map<String, float[]> read(ModelSpec spec, Path directory) {
    Weights weights = new Weights();
    spec.create(weights);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      VariableWeights variables = new VariableWeights(tf, weights);
      Map<String, Variable<TFloat32>> named = new LinkedHashMap<>();
      for (Weight weight : weights.all()) {
        named.put(weight.name(), variables.variable(weight));
      }
      StateFiles files = new StateFiles(tf.withSubScope("state"), named);
      try (Session session = new Session(graph)) {
        files.restore(session, directory, name -> !name.startsWith(TrainingGraph.MOMENTS));
        return variables.values(session);
      }
    }
  }

  /**
   * Writes a checkpoint of a model whose optimizer is at rest, as before its first step.
   *
   * @param values of all weights by name, row-major
   * @param directory exists and is empty
   * @throws IllegalArgumentException listing all values that do not fit the model
   */
  public static void write(ModelSpec spec, Map<String, float[]> values, Path directory) {
    Weights weights = new Weights();
    spec.create(weights);
    weights.requireMatch(values);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      VariableWeights variables = new VariableWeights(tf, weights);
      Map<String, Variable<TFloat32>> named = new LinkedHashMap<>();
      for (Weight weight : weights.all()) {
        named.put(weight.name(), variables.variable(weight));
      }
      List<Op> initial = new ArrayList<>();
      for (Weight weight : weights.of(Weight.Role.TRAINED)) {
        for (String moment : List.of(TrainingGraph.FIRST_MOMENT, TrainingGraph.SECOND_MOMENT)) {
          Variable<TFloat32> variable = tf.variable(Shape.of(weight.shape()), TFloat32.class);
          named.put(moment + weight.name(), variable);
          initial.add(tf.assign(variable, tf.zeros(tf.constant(weight.shape()), TFloat32.class)));
        }
      }
      StateFiles files = new StateFiles(tf.withSubScope("state"), named);
      try (Session session = new Session(graph)) {
        variables.assign(session, values);
        Session.Runner runner = session.runner();
        initial.forEach(runner::addTarget);
        runner.run().close();
        files.save(session, directory);
      }
    }
  }
}
