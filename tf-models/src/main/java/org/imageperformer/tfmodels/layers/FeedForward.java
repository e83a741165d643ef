package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Kernels;

/**
 * {@code Dense_d(Dropout(GELU(Dense_4d(LayerNorm(x)))))} with the exact GELU (models.md section 2).
 */
public final class FeedForward {

  private final LayerNorm norm;
  private final Dense expand;
  private final Dropout dropout;
  private final Dense contract;

  /** Creates the weights {@code name/norm}, {@code name/expand} and {@code name/contract}. */
  public FeedForward(Weights weights, String name, int dim, double dropoutRate) {
    this.norm = new LayerNorm(weights, name + "/norm", dim);
    this.expand = new Dense(weights, name + "/expand", dim, 4 * dim);
    this.dropout = new Dropout(name, dropoutRate);
    this.contract = new Dense(weights, name + "/contract", 4 * dim, dim);
  }

  /**
   * Adds it to the graph.
   *
   * @param x [batch, tokens, dim]
   * @return the same shape
   */
  public Value apply(Pass pass, Value x) {
    return Kernels.of(pass)
        .feedForward(norm.apply(pass, x), expand.affine(), dropout.mask(), contract.affine());
  }
}
