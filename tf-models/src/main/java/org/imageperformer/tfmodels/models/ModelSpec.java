package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.options.Option;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * Everything that defines the function a model computes.
 *
 * @param family that builds it
 * @param model its name there
 * @param shape of the images
 * @param classes logits per image
 * @param options of the model
 */
public record ModelSpec(
    ModelFamily family, String model, ImageShape shape, int classes, Options options) {

  /**
   * Checks that all fits together.
   *
   * @throws IllegalArgumentException naming every problem at once
   */
  public ModelSpec {
    List<String> problems = new ArrayList<>(shape.problems());
    if (classes < 2) {
      problems.add("num_classes is " + classes + ", must be at least 2");
    }
    problems.addAll(options.problems());
    problems.addAll(family.problems(model, shape, options));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /**
   * A model with its options at their defaults.
   *
   * @throws IllegalArgumentException if there is no such model, or naming every problem at once
   */
  public static ModelSpec of(String model, ImageShape shape, int classes) {
    ModelFamily family = ModelFamilies.of(model);
    return new ModelSpec(family, model, shape, classes, family.options(model).defaults());
  }

  /**
   * With another value of an option.
   *
   * @throws IllegalArgumentException if the model has no such option, or naming every problem
   */
  public <T> ModelSpec with(Option<T> option, T value) {
    return new ModelSpec(family, model, shape, classes, options.with(option, value));
  }

  /** Of images of another shape. */
  public ModelSpec with(ImageShape other) {
    return new ModelSpec(family, model, other, classes, options);
  }

  /** Creates the model's layers, and with them its weights. */
  public ImageModel create(Weights weights) {
    return family.create(model, weights, shape, classes, options);
  }

  /** The model without a graph: its weights' names, its traits and its cost. */
  public ModelOutline outline() {
    Weights weights = new Weights();
    ImageModel created = create(weights);
    return new ModelOutline(weights, created.traits(), created.cost());
  }
}
