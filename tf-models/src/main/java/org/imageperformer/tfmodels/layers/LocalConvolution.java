package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Convolution;
import org.imageperformer.tfmodels.kernels.Edges;
import org.imageperformer.tfmodels.kernels.WaveKernels;

/**
 * A depthwise convolution of the pixels' features (docs/equivariant.md, section 1): with {@code p =
 * (k - 1) / 2}, for each feature
 *
 * <pre>y[r, c] = bias + sum_ij W[i, j] x[(r + i - p) mod height, (c + j - p) mod width]</pre>
 *
 * Around the torus it commutes with every roll of the image; with zeros beyond the edges it does
 * not.
 */
public final class LocalConvolution {
  private final Convolution convolution;

  /**
   * Creates {@code name/kernel} [size, size, dim, 1], uniform in +-1/size, and {@code name/bias}
   * [dim], 0.
   *
   * @param size k, odd
   * @param height of the image
   * @param width of the image
   * @throws IllegalArgumentException if size is even
   */
  public LocalConvolution(
      Weights weights, String name, int size, int dim, int height, int width, Edges edges) {
    if (size % 2 == 0) {
      throw new IllegalArgumentException(
          "a local convolution has a centre: its size must be odd, not " + size);
    }
    this.convolution =
        new Convolution(
            weights.trained(name + "/kernel", Initializer.uniform(size * size), size, size, dim, 1),
            weights.trained(name + "/bias", Initializer.constant(0), dim),
            height,
            width,
            edges);
  }

  /**
   * Adds the convolution to the graph.
   *
   * @param x [batch, height * width, dim], pixels in row-major order
   * @return the same shape
   */
  public Value apply(Pass pass, Value x) {
    return WaveKernels.of(pass).convolve(x, convolution);
  }

  /** Work on the pixels of one image. */
  public long multiplyAdds() {
    return (long) convolution.height() * convolution.width() * convolution.kernel().size();
  }
}
