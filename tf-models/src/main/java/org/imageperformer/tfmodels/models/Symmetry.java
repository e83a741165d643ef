package org.imageperformer.tfmodels.models;

/**
 * A group of turns of an image about its centre.
 *
 * @param rotations how many: by multiples of 360 / rotations degrees, 1 or more
 * @param mirrors whether mirrored images belong to it, too
 */
public record Symmetry(int rotations, boolean mirrors) {
  /** Of a model that knows no turns. */
  public static final Symmetry NONE = new Symmetry(1, false);
}
