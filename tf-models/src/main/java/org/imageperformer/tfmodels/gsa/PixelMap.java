package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Reshaping;

/**
 * Affine map {@code x W + b} of the channels, the same for every pixel and group element. W starts
 * normal with deviation {@code whitening_scale / sqrt(in)}, b at 0 (gsa.md section 5).
 */
public final class PixelMap {

  private final Dense dense;
  private final int in;
  private final int out;

  /**
   * Creates {@code name/kernel} [in, out] and {@code name/bias} [out].
   *
   * @param whiteningScale initial deviation of the kernel times sqrt(in)
   */
  public PixelMap(Weights weights, String name, int in, int out, double whiteningScale) {
    this.in = in;
    this.out = out;
    this.dense =
        new Dense(
            weights,
            name,
            in,
            out,
            Initializer.normal(0, whiteningScale / Math.sqrt(in)),
            Initializer.constant(0));
  }

  /**
   * Adds the map to the graph.
   *
   * @param x [b, h, w, G, in]
   * @return [b, h, w, G, out]
   */
  public Value apply(Pass pass, Value x) {
    long[] shape = x.shape().asArray();
    long places = shape[1] * shape[2] * shape[3];
    return Reshaping.of(
        pass,
        dense.apply(pass, Reshaping.of(pass, x, -1, places, in)),
        -1,
        shape[1],
        shape[2],
        shape[3],
        out);
  }

  /** Multiplications, each with an addition, for so many places. */
  public long multiplyAdds(long places) {
    return dense.multiplyAdds(places);
  }
}
