package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Kernels;

/**
 * Normalisation over the features of a token, {@code (x - mean) / sqrt(variance + 1e-5) * scale +
 * offset} (models.md section 2).
 */
public final class LayerNorm {

  private final Weight scale;
  private final Weight offset;

  /** Creates {@code name/scale} and {@code name/offset}, each [dim]. */
  public LayerNorm(Weights weights, String name, int dim) {
    this.scale = weights.trained(name + "/scale", Initializer.constant(1), dim);
    this.offset = weights.trained(name + "/offset", Initializer.constant(0), dim);
  }

  /**
   * Adds the normalisation to the graph.
   *
   * @param x [batch, tokens, dim]
   * @return the same shape
   */
  public Value apply(Pass pass, Value x) {
    return Kernels.of(pass).layerNorm(x, scale, offset);
  }
}
