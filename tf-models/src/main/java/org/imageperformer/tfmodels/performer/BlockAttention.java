package org.imageperformer.tfmodels.performer;

import org.imageperformer.tfmodels.attention.Queries;
import org.imageperformer.tfmodels.graph.Value;

/** The attention of a block, with everything but its input given. */
@FunctionalInterface
interface BlockAttention {

  /**
   * Adds the attention of one block to the graph.
   *
   * @param block 0, 1, ...
   * @param x [batch, tokens, dim], normalised
   * @return [batch, queries, dim]
   */
  Value apply(int block, Value x, Queries queries);
}
