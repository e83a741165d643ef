package org.imageperformer.tfmodels.cnn;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.BatchNorm;
import org.imageperformer.tfmodels.layers.ImageConvolution;
import org.imageperformer.tfmodels.layers.Window;

/**
 * A convolution without bias, and BatchNorm. The kernel starts normal with variance 2 / fan_out,
 * fan_out the output channels times the kernel's area.
 */
final class NormedConvolution {

  private static final float EPSILON = 1e-5f;

  private final ImageConvolution convolution;
  private final BatchNorm norm;

  /** Creates {@code name/kernel} and {@code name/norm}. */
  NormedConvolution(Weights weights, String name, Window window, int in, int out) {
    this.convolution =
        new ImageConvolution(
            weights, name, window, in, out, Initializers.byFanOut(window.size(), out));
    this.norm = new BatchNorm(weights, name + "/norm", out, EPSILON);
  }

  /**
   * Adds both to the graph.
   *
   * @param x [batch, rows, columns, in]
   * @return [batch, {@linkplain Window#places places} of the rows, of the columns, out]
   */
  Value apply(Pass pass, Value x) {
    return norm.apply(pass, convolution.apply(pass, x));
  }

  /** The same, and zero where it is negative. */
  Value relu(Pass pass, Value x) {
    return pass.apply(apply(pass, x), maps -> pass.tf().nn.relu(maps));
  }

  /** What moves over the image. */
  Window window() {
    return convolution.window();
  }

  /** Work on an image of so many rows and columns. */
  long multiplyAdds(int rows, int columns) {
    return convolution.multiplyAdds(rows, columns);
  }
}
