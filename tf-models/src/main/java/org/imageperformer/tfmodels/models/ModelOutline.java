package org.imageperformer.tfmodels.models;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * What is to be known of a model before it has a graph.
 *
 * @param weights their names, shapes and roles
 * @param traits what others must know of it
 * @param cost its parts and their work
 */
public record ModelOutline(Weights weights, Traits traits, Cost cost) {
  /**
   * What ties the images of a training batch together, so that it may not be divided: a trait, or
   * state that a training pass moves. Empty if nothing does.
   */
  public Optional<String> coupling() {
    return traits
        .coupling()
        .or(
            () ->
                weights.of(Weight.Role.STATE).stream()
                    .findFirst()
                    .map(state -> "the running state " + state.name()));
  }
}
