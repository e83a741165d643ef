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
  /** Multiply-adds with each weight that make a run of its own worth while. */
  private static final int WORK = 32;

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

  /**
   * Whether a forward pass of that many images is little work for so many weights, as in
   * convolutional networks of small images: a weight is multiplied less than 32 times on average.
   * Then more images at once are faster; otherwise few, whose tensors stay in the caches.
   *
   * @param images 1 or more
   */
  public boolean outweighs(int images) {
    long multiplyAdds = images * cost.forward() / Cost.MULTIPLY_ADD;
    return multiplyAdds < WORK * weights.parameters();
  }
}
