package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Weight;

/**
 * Positive random features (models.md section 3), m of them, of vectors of width w:
 *
 * <pre>phi(x) = m^(-1/2) (exp(w^(-1/4) P x - |x|^2 / (2 sqrt(w)) - s) + 1e-4)</pre>
 *
 * with s the maximum of {@code w^(-1/4) P x} over the features of a query, or over the features and
 * all keys that share it. The factor m^(-1/2) is left out: it cancels wherever features are used.
 *
 * @param projection P, [m, w]
 * @param acrossBatch whether all keys of a batch share s, and not those of an image and head
 */
public record RandomFeatures(Weight projection, boolean acrossBatch) {

  /** Added to every feature, so that no normaliser vanishes. */
  static final float EPSILON = 1e-4f;

  /** w. */
  int width() {
    return Math.toIntExact(projection.shape()[1]);
  }
}
