package org.imageperformer.tfmodels.models;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
   * The model that a user names: by its name, in small or capital letters, or as a published
   * program calls it.
   *
   * @return empty if there is none
   */
  public static Optional<ModelAlias> named(String word) {
    List<ModelFamily> all = all();
    Optional<String> model =
        all.stream()
            .flatMap(family -> family.models().stream())
            .filter(word::equalsIgnoreCase)
            .findFirst();
    return model
        .map(name -> new ModelAlias(name, Map.of()))
        .or(
            () ->
                all.stream()
                    .flatMap(family -> family.alias(word.toLowerCase(Locale.ROOT)).stream())
                    .findFirst());
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
