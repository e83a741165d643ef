package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;

/** The blocks of EquivariantPerformer (docs/equivariant.md, section 1). */
public interface WaveKernels {

  /** Those that a pass takes. */
  static WaveKernels of(Pass pass) {
    return pass.choose(new PlainWaves(pass), new FastWaves(pass));
  }

  /**
   * Adds a depthwise convolution with its bias.
   *
   * @param x pixels in row-major order, [b, height * width, d]
   * @return the same shape
   */
  Value convolve(Value x, Convolution of);

  /**
   * Adds attention among pixels: {@code y_i = f'_i . (sum_j g'_j v_j^T) / (f_i . sum_j g_j +
   * 1e-6)}, where f and g are the features of queries and keys, and f' and g' the same turned by
   * the angles of their pixels, f' by alpha and beta as well.
   *
   * @param q [b, H, L, h]
   * @param k [b, H, L, h]
   * @param v [b, H, L, h]
   * @return [b, H, L, h]
   */
  Value attend(Value q, Value k, Value v, WaveParameters of);
}
