package org.imageperformer.tfmodels.models;

import java.util.Optional;

/**
 * What a training, an export or an evaluation must know of a model; nobody asks for one by name.
 * That it has random features or state that is not trained is said by its weights' roles.
 *
 * @param coupling what makes the prediction of an image depend on the rest of its batch, such as
 *     {@code key_stabilizer batch}; empty if nothing does
 * @param rawPixels whether it wants the integers 0..255 instead of scaled values
 * @param redrawInterval steps between new random features; 0 if it has none, or keeps them
 * @param fewestImages of a batch that it can be trained on
 */
public record Traits(
    Optional<String> coupling, boolean rawPixels, int redrawInterval, int fewestImages) {
  /** Of a model that is as most are: images by themselves, scaled, without random features. */
  public static final Traits USUAL = new Traits(Optional.empty(), false, 0);

  /** Of a model that a single image can train. */
  public Traits(Optional<String> coupling, boolean rawPixels, int redrawInterval) {
    this(coupling, rawPixels, redrawInterval, 1);
  }
}
