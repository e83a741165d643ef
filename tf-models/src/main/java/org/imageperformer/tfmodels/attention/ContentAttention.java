package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Dropout;

/**
 * Attention that knows content alone (models.md section 2): Performer and NoposPerformer.
 *
 * <p>Axes: b batch, L tokens, Q queries (L or 1), d features, H heads, h = d / H.
 */
public final class ContentAttention {
  private static final long MULTIPLY_ADD = 2;

  private final AttentionOptions options;
  private final Dense query;
  private final Dense key;
  private final Dense value;
  private final AttentionKernel kernel;
  private final Dense output;
  private final Dropout dropout;

  /** Creates the weights {@code name/query, key, value, output} and the projection. */
  public ContentAttention(Weights weights, String name, AttentionOptions options) {
    int dim = options.dim();
    this.options = options;
    this.query = new Dense(weights, name + "/query", dim, dim);
    this.key = new Dense(weights, name + "/key", dim, dim);
    this.value = new Dense(weights, name + "/value", dim, dim);
    this.kernel = AttentionKernel.create(weights, name, options.headDim(), options);
    this.output = new Dense(weights, name + "/output", dim, dim);
    this.dropout = new Dropout(name, options.dropout());
  }

  /**
   * Adds the layer to the graph.
   *
   * @param x [b, L, d]
   * @return [b, Q, d]
   */
  public Value apply(Pass pass, Value x, Queries queries) {
    Value queryTokens = options.queryTokens(pass, x, queries); // [b, Q, d]
    Value q = Heads.split(pass, query.apply(pass, queryTokens), options.heads()); // [b, H, Q, h]
    Value k = Heads.split(pass, key.apply(pass, x), options.heads()); // [b, H, L, h]
    Value v = Heads.split(pass, value.apply(pass, x), options.heads()); // [b, H, L, h]
    Value attended = kernel.attend(pass, q, k, v); // [b, H, Q, h]
    return dropout.apply(pass, output.apply(pass, Heads.merge(pass, attended)));
  }

  /**
   * Work for one image, in floating-point operations, element-wise ones left out.
   *
   * @param tokens L
   * @param queries Q
   */
  public long operations(long tokens, long queries) {
    return MULTIPLY_ADD
        * (query.multiplyAdds(queries)
            + key.multiplyAdds(tokens)
            + value.multiplyAdds(tokens)
            + options.heads() * kernel.multiplyAdds(tokens, queries, options.headDim())
            + output.multiplyAdds(queries));
  }
}
