package org.imageperformer.tfmodels.models;

import java.util.function.Predicate;

/**
 * What the contract needs to know of a model.
 *
 * @param tiny small enough for finite differences; its sizes all differ
 * @param usual the model at its defaults
 * @param parameters of the usual one
 * @param idle weights of the tiny one that have no influence on the logits
 */
public record ContractCase(
    ModelSpec tiny, ModelSpec usual, long parameters, Predicate<String> idle) {
  /** A model of which every weight matters. */
  public ContractCase(ModelSpec tiny, ModelSpec usual, long parameters) {
    this(tiny, usual, parameters, weight -> false);
  }

  @Override
  public String toString() {
    return tiny.model();
  }
}
