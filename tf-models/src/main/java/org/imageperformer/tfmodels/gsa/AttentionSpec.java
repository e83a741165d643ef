package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.kernels.DropoutMask;

/**
 * What one attention computes, apart from its tensors.
 *
 * @param group V of its elements come out
 * @param encoding of the group embedding
 * @param neighbours which pixels a query looks at
 * @param heads H
 * @param mid features of a head
 * @param scale 1 / sqrt(input channels)
 * @param dropout of the probabilities
 */
record AttentionSpec(
    Group group,
    GroupEncoding encoding,
    Neighbours neighbours,
    int heads,
    int mid,
    float scale,
    DropoutMask dropout) {

  /**
   * The tensors.
   *
   * @param q queries [b, h, w, G, H mid], G = V or, when lifting, 1; heads before features, the
   *     features for rows, columns and group in this order
   * @param k keys, the same shape
   * @param v values, the same shape
   * @param codes of the offsets, [V, offsets, 2 e]
   * @param table the group embedding [G, mid - 2 e]; empty when lifting
   */
  record Tensors(Value q, Value k, Value v, Value codes, Optional<Value> table) {}

  /** A way to compute it. */
  interface Kernel {

    /**
     * Adds the attention, {@code out_v = sum_g softmax_(m, d)(score_(v, g, m, d)) v_m} (gsa.md
     * section 3).
     *
     * @return [b, h, w, V, H mid]
     */
    Value attend(Pass pass, AttentionSpec spec, Tensors tensors);
  }

  /** Adds the attention with the pass's kernels. */
  Value attend(Pass pass, Tensors tensors) {
    return pass.<Kernel>choose(PlainAttention::attend, FastAttention::attend)
        .attend(pass, this, tensors);
  }
}
