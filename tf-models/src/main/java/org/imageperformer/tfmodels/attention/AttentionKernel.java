package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * How queries meet keys: {@code out_i = sum_j K(q_i, k_j) v_j / sum_j K(q_i, k_j)} (models.md
 * section 3). Axes: b batch, H heads, Q queries, L tokens, w width of queries and keys, h width of
 * values.
 */
public sealed interface AttentionKernel permits RandomFeatureKernel, SoftmaxKernel {

  /**
   * Adds the weighted means to the graph.
   *
   * @param q [b, H, Q, w]
   * @param k [b, H, L, w]
   * @param v [b, H, L, h]
   * @return [b, H, Q, h]
   */
  Value attend(Pass pass, Value q, Value k, Value v);

  /**
   * Adds the kernel's values between queries and a table of keys that all heads share, up to one
   * positive factor per query, which a normalised sum cancels.
   *
   * @param q [b, H, Q, w]
   * @param table [keys, w]
   * @return [b, H, Q, keys]
   */
  Value compare(Pass pass, Value q, Value table);

  /**
   * The kernel that the options ask for, with the usual number of random features.
   *
   * @param name prefix of its projection's name
   * @param width w, of queries and keys
   */
  static AttentionKernel create(Weights weights, String name, int width, AttentionOptions options) {
    return options.exact()
        ? new SoftmaxKernel(width)
        : new RandomFeatureKernel(
            weights, name, width, RandomFeatureKernel.features(width), options.stabilizer());
  }
}
