package org.imageperformer.tfmodels.models;

import java.util.Map;

/**
 * What another name of a model stands for.
 *
 * @param model its name here
 * @param options texts of options that the other name implies, by name
 */
public record ModelAlias(String model, Map<String, String> options) {
  /** Copies the options. */
  public ModelAlias {
    options = Map.copyOf(options);
  }
}
