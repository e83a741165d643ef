package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;

/** One affine map on every pixel. */
public final class LinearEmbedding implements PixelEmbedding {

  private final Dense dense;

  /** Creates the weights {@code name/kernel} and {@code name/bias}. */
  public LinearEmbedding(Weights weights, String name, int channels, int dim) {
    this.dense = new Dense(weights, name, channels, dim);
  }

  @Override
  public Value apply(Pass pass, Value pixels) {
    return dense.apply(pass, pixels);
  }
}
