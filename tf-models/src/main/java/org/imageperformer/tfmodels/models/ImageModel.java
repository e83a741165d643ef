package org.imageperformer.tfmodels.models;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;

/** A model from pixels to logits (models.md section 1). */
public interface ImageModel {
  /**
   * Adds the model to a graph, with pixels at their own positions.
   *
   * @param pixels [batch, height, width, channels], scaled, or the integers 0..255 if its traits
   *     say so
   * @return logits [batch, classes]
   */
  Value logits(Pass pass, Value pixels);

  /**
   * Adds the model to a graph, with pixels at other positions: for experiments with shifts. A model
   * without coordinates ignores them.
   *
   * @param pixels [batch, height, width, channels]
   * @param coordinates [height * width, 2], row and column of each pixel
   * @return logits [batch, classes]
   */
  @SuppressWarnings("unused") // by models without coordinates
  default Value logits(Pass pass, Value pixels, Value coordinates) {
    return logits(pass, pixels);
  }

  /**
   * Adds what a training minimises besides the mean cross-entropy, such as a regulariser.
   *
   * @return a scalar; empty if there is none
   */
  @SuppressWarnings("unused") // by models without one
  default Optional<Value> penalty(Pass pass) {
    return Optional.empty();
  }

  /** The rotations and mirrors of the image that it is made to know besides moves. */
  default Symmetry symmetry() {
    return Symmetry.NONE;
  }

  /** What others must know of it. */
  Traits traits();

  /** Its parts and their work for one image. */
  Cost cost();
}
