package org.imageperformer.tfmodels.models;

import java.util.List;
import java.util.ServiceLoader;

/** The model families on the class path: the product's own and those that users add. */
public final class ModelFamilies {
  private ModelFamilies() {}

  /** All families, in the order of the class path. */
  public static List<ModelFamily> all() {
    return ServiceLoader.load(ModelFamily.class).stream().map(ServiceLoader.Provider::get).toList();
  }

  /** The names of all models. */
  public static List<String> models() {
    return all().stream().flatMap(family -> family.models().stream()).toList();
  }

  /**
   * The family of a model.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known models
   */
  public static ModelFamily of(String model) {
    return all().stream()
        .filter(family -> family.models().contains(model))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown model '" + model + "'; known models: " + String.join(", ", models())));
  }
}
