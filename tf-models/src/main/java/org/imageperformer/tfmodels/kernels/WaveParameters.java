package org.imageperformer.tfmodels.kernels;

import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Weight;

/**
 * What defines the attention among pixels besides queries, keys and values (docs/equivariant.md,
 * section 1). Axes: H heads, L pixels, P pairs of features, h features of a head.
 *
 * @param alpha cosine part of the trained turn, [H, P]
 * @param beta sine part of the trained turn, [H, P]
 * @param projection of random features, [2P, h]; empty for {@code elu(x) + 1}
 * @param angles of each pixel, P each
 */
public record WaveParameters(
    Weight alpha, Weight beta, Optional<Weight> projection, List<double[]> angles) {

  /** P. */
  int pairs() {
    return angles.get(0).length;
  }

  /**
   * Multiply-adds of the features and products of all heads.
   *
   * @param headDim h
   */
  public long multiplyAdds(long headDim) {
    long perFeature = projection.isPresent() ? 2 * headDim : headDim;
    return heads() * angles.size() * 2 * 2 * pairs() * perFeature;
  }

  /** H. */
  long heads() {
    return alpha.shape()[0];
  }
}
