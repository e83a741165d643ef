package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * Attention from an image to maps over a group (gsa.md section 3): for each element v
 *
 * <pre>
 * score_(v, i, d) = (q_i . k_(i + d) + q_row . MLP_row(y_(v, d)) + q_col . MLP_col(x_(v, d))) / sqrt(C_in)
 * out_(v, i) = W sum_d softmax_d(score_(v, i, d)) v_(i + d) + b
 * </pre>
 *
 * with (y, x) the offset d acted on by v, and q = (q_row, q_col) split in halves.
 */
public final class LiftingSelfAttention {

  private final SelfAttention attention;

  /**
   * Creates its weights under {@code name}.
   *
   * @param in channels of the image
   * @param out channels of the maps, a multiple of 4
   * @throws IllegalArgumentException if it is none
   */
  public LiftingSelfAttention(
      Weights weights, String name, int in, int out, GroupAttentionOptions options) {
    if (out < 4 || out % 4 != 0) {
      throw new IllegalArgumentException(
          "lifting to "
              + out
              + " channels: expected a multiple of 4, a quarter each for rows and columns");
    }
    int mid = out / 2;
    this.attention = new SelfAttention(weights, name, in, mid, mid / 2, out, options);
  }

  /**
   * Adds the attention to the graph.
   *
   * @param x [b, h, w, 1, C_in]
   * @return [b, h, w, G, C_out]
   */
  public Value apply(Pass pass, Value x) {
    return attention.apply(pass, x, Optional.empty());
  }

  /** Work for one image, in floating-point operations. */
  public long operations(int height, int width) {
    return attention.operations(height, width, 1);
  }
}
