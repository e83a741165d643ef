package org.imageperformer.tfmodels.models;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * Models that share their layers and options. One is found through a line with its class's name in
 * {@code META-INF/services/org.imageperformer.tfmodels.models.ModelFamily} on the class path
 * ({@link ModelFamilies}); it has a constructor without parameters. Loading the class must not load
 * TensorFlow's native library: help and completion ask families for their options.
 */
public interface ModelFamily {
  /** The names of its models, as users write them. */
  List<String> models();

  /**
   * What a published program's name of a model stands for.
   *
   * @param name in small letters
   * @return empty if it is none of them
   */
  default Optional<ModelAlias> alias(String name) {
    return Optional.empty();
  }

  /**
   * The options of a model: all that defines its function besides images and classes, its
   * regularisation, and how its random features are treated.
   *
   * @param model one of {@link #models}
   */
  OptionSet options(String model);

  /**
   * Defaults that differ from those of {@link #options} or of a training, as texts by name.
   *
   * @param model one of {@link #models}
   * @param dataset name of the data set it will be trained on
   */
  default Map<String, String> defaults(String model, String dataset) {
    return Map.of();
  }

  /**
   * What does not fit together, beyond what single options say of their values.
   *
   * @param options of the model, each within its own bounds or not
   * @return messages for the user; empty if nothing is wrong
   */
  default List<String> problems(String model, ImageShape shape, Options options) {
    return List.of();
  }

  /**
   * Creates a model's layers, and with them its weights.
   *
   * @param model one of {@link #models}
   * @param weights receives the weights
   * @param classes logits per image
   * @param options without {@link #problems}
   */
  ImageModel create(String model, Weights weights, ImageShape shape, int classes, Options options);
}
