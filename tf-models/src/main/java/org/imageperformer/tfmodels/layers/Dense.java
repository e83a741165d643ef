package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Affine;
import org.imageperformer.tfmodels.kernels.Kernels;

/**
 * Affine map of the last axis, {@code x W + b}. Kernel and bias start uniform in +-1/sqrt(in)
 * (models.md section 5).
 */
public final class Dense {

  private final Affine affine;

  /** Creates {@code name/kernel} [in, out] and {@code name/bias} [out]. */
  public Dense(Weights weights, String name, int in, int out) {
    this(weights, name, in, out, Initializer.uniform(in), Initializer.uniform(in));
  }

  /** The same with other initial values. */
  public Dense(
      Weights weights, String name, int in, int out, Initializer kernel, Initializer bias) {
    this.affine =
        new Affine(
            weights.trained(name + "/kernel", kernel, in, out),
            weights.trained(name + "/bias", bias, out));
  }

  /** The weights. */
  Affine affine() {
    return affine;
  }

  /**
   * Adds the map to the graph.
   *
   * @param x [batch, tokens, in]
   * @return [batch, tokens, out]
   */
  public Value apply(Pass pass, Value x) {
    return Kernels.of(pass).dense(x, affine);
  }

  /** Work on so many rows. */
  public long multiplyAdds(long rows) {
    return rows * affine.kernel().size();
  }
}
