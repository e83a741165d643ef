package org.imageperformer.training.engine;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imageperformer.tfmodels.graph.ModelGraph;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.training.optimizer.RuleOptimizer;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.tensorflow.Session;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
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
    try (ModelGraph graph = new ModelGraph()) {
      VariableWeights variables = variables(graph, spec);
      StateFiles files = new StateFiles(graph.tf(), variables.byName(), Map.of());
      Session session = graph.start(ConfigProto.getDefaultInstance());
      files.restoreWeights(session, directory);
      return variables.values(session);
    }
  }

  /**
   * Writes a checkpoint of a model whose optimizer is at rest, as before its first step.
   *
   * @param values of all weights by name, row-major
   * @param directory exists and is empty
   * @throws IllegalArgumentException listing all values that do not fit the model
   */
  public static void write(
      ModelSpec spec,
      Map<String, float[]> values,
      UpdateRule rule,
      UpdateParameters parameters,
      Path directory) {
    try (ModelGraph graph = new ModelGraph()) {
      VariableWeights variables = variables(graph, spec);
      graph.weights().requireMatch(values);
      Map<String, Variable<TFloat32>> trained = new LinkedHashMap<>();
      for (Weight weight : graph.weights().of(Weight.Role.TRAINED)) {
        trained.put(weight.name(), variables.variable(weight));
      }
      RuleOptimizer optimizer = rule.create(graph.graph(), parameters);
      optimizer.createSlots(trained.values());
      StateFiles files = new StateFiles(graph.tf(), variables.byName(), optimizer.slots(trained));
      Session session = graph.start(ConfigProto.getDefaultInstance());
      session.initialize();
      variables.assign(session, values);
      files.save(session, directory);
    }
  }

  private static VariableWeights variables(ModelGraph graph, ModelSpec spec) {
    spec.create(graph.weights());
    return new VariableWeights(graph.tf(), graph.weights());
  }
}
