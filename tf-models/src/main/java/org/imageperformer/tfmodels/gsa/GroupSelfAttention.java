package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * Attention between maps over a group (gsa.md section 3): for each element v
 *
 * <pre>
 * score_(v, g, i, m, d) = (q_(g, i) . k_(m, i + d) + q_row . MLP_row(y_(v, d)) + q_col . MLP_col(x_(v, d))
 *                          + q_grp . table[I(v, g, m)]) / sqrt(C_in)
 * out_(v, i) = W sum_g sum_(m, d) softmax_(m, d)(score_(v, g, i, m, d)) v_(m, i + d) + b
 * </pre>
 *
 * with (y, x) the offset d acted on by v, and q = (q_row, q_col, q_grp) split in thirds, the last
 * one taking what remains. The sum over the query's elements g is a sum, not a mean.
 */
public final class GroupSelfAttention {

  private final SelfAttention attention;
  private final Weight table;

  /**
   * Creates its weights under {@code name}, with the table {@code name/group_embedding} [G, f].
   *
   * @param in channels of the maps
   * @param out channels of the maps that come out, at least 6
   * @throws IllegalArgumentException if there are fewer
   */
  public GroupSelfAttention(
      Weights weights, String name, int in, int out, GroupAttentionOptions options) {
    if (out < 6) {
      throw new IllegalArgumentException(
          "group attention to "
              + out
              + " channels: expected at least 6, a third of half of them for rows, columns and group");
    }
    int mid = out / 2;
    int third = mid / 3;
    this.attention = new SelfAttention(weights, name, in, mid, third, out, options);
    this.table =
        weights.trained(
            name + "/group_embedding",
            Initializer.standardNormal(),
            options.group().order(),
            mid - 2 * third);
  }

  /**
   * Adds the attention to the graph.
   *
   * @param x [b, h, w, G, C_in]
   * @return [b, h, w, G, C_out]
   */
  public Value apply(Pass pass, Value x) {
    return attention.apply(pass, x, Optional.of(table));
  }

  /** Work for one image, in floating-point operations. */
  public long operations(int height, int width) {
    return attention.operations(height, width, Math.toIntExact(table.shape()[0]));
  }
}
