package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;

/** Affine to 4 dim, ReLU, affine to dim, on every pixel. */
public final class MlpEmbedding implements PixelEmbedding {

  private final Dense expand;
  private final Dense contract;

  /** Creates the weights {@code name/expand} and {@code name/contract}. */
  public MlpEmbedding(Weights weights, String name, int channels, int dim) {
    this.expand = new Dense(weights, name + "/expand", channels, 4 * dim);
    this.contract = new Dense(weights, name + "/contract", 4 * dim, dim);
  }

  @Override
  public Value apply(Pass pass, Value pixels) {
    return contract.apply(pass, pass.apply(expand.apply(pass, pixels), pass.tf().nn::relu));
  }
}
