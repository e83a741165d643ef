package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What all attention layers have in common.
 *
 * @param dim features of a token
 * @param heads attention heads; divides {@code dim}
 * @param dropout after the output map, in [0, 1)
 * @param exact the exact kernel instead of random features
 * @param stabilizer of the random features' keys
 * @param classToken where the class token stands
 */
public record AttentionOptions(
    int dim,
    int heads,
    double dropout,
    boolean exact,
    KeyStabilizer stabilizer,
    ClassToken classToken) {

  /**
   * @throws IllegalArgumentException if heads do not divide dim
   */
  public AttentionOptions {
    if (heads < 1 || dim < 1 || dim % heads != 0) {
      throw new IllegalArgumentException("heads " + heads + " does not divide dim " + dim);
    }
  }

  /** Features of one head. */
  public int headDim() {
    return dim / heads;
  }

  /**
   * The tokens used as queries.
   *
   * @param x [batch, tokens, features]
   * @return [batch, queries, features]
   */
  Value queryTokens(Pass pass, Value x, Queries queries) {
    return queries == Queries.ALL
        ? x
        : pass.apply(x, tokens -> queryTokens(pass.tf(), tokens, queries));
  }

  /**
   * The tokens used as queries.
   *
   * @param x [batch, tokens, features]
   * @return [batch, queries, features]
   */
  Operand<TFloat32> queryTokens(Ops tf, Operand<TFloat32> x, Queries queries) {
    return switch (queries) {
      case ALL -> x;
      case CLASS_TOKEN -> classToken.of(tf, x);
    };
  }
}
