package org.imageperformer.tfmodels.layers;

import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/**
 * A convolution of an image's rows and columns: with a {@link Window} of size k, stride s and
 * padding p
 *
 * <pre>y[r, c, o] = bias[o] + sum_ijn W[i, j, n, o] x[s r + i - p, s c + j - p, n]</pre>
 *
 * and zeros beyond the edges.
 */
public final class ImageConvolution {

  private final Window window;
  private final Weight kernel;
  private final Optional<Weight> bias;

  /** Creates {@code name/kernel} [size, size, in, out]; there is no bias. */
  public ImageConvolution(
      Weights weights, String name, Window window, int in, int out, Initializer kernel) {
    this(window, kernel(weights, name, window, in, out, kernel), Optional.empty());
  }

  /** Creates {@code name/kernel} [size, size, in, out] and {@code name/bias} [out]. */
  public ImageConvolution(
      Weights weights,
      String name,
      Window window,
      int in,
      int out,
      Initializer kernel,
      Initializer bias) {
    this(
        window,
        kernel(weights, name, window, in, out, kernel),
        Optional.of(weights.trained(name + "/bias", bias, out)));
  }

  private ImageConvolution(Window window, Weight kernel, Optional<Weight> bias) {
    this.window = window;
    this.kernel = kernel;
    this.bias = bias;
  }

  private static Weight kernel(
      Weights weights, String name, Window window, int in, int out, Initializer kernel) {
    return weights.trained(name + "/kernel", kernel, window.size(), window.size(), in, out);
  }

  /** What it moves over the image. */
  public Window window() {
    return window;
  }

  /**
   * Adds the convolution to the graph.
   *
   * @param x [batch, rows, columns, in]
   * @return [batch, {@linkplain Window#places places} of the rows, of the columns, out]
   */
  public Value apply(Pass pass, Value x) {
    Value sums = sums(pass, x);
    return bias.isPresent()
        ? pass.apply(sums, y -> pass.tf().nn.biasAdd(y, pass.read(bias.get())))
        : sums;
  }

  /** The same, and zero where it is negative. */
  public Value relu(Pass pass, Value x) {
    Ops tf = pass.tf();
    return pass.apply(
        sums(pass, x),
        y -> tf.nn.relu(bias.isPresent() ? tf.nn.biasAdd(y, pass.read(bias.get())) : y));
  }

  /**
   * Differentiated here, as {@code addGradients} loses the padding. TensorFlow takes oneDNN's
   * kernels for gradients, many times as fast as its own, only where the padding is not explicit.
   */
  private Value sums(Pass pass, Value x) {
    Ops tf = pass.tf();
    Operand<TFloat32> filter = pass.read(kernel);
    long stride = window.stride();
    List<Long> strides = List.of(1L, stride, stride, 1L);
    String padding = window.keepsSize() ? "SAME" : "VALID";
    return pass.record(
        tf.nn.conv2d(
            x.operand(), filter, strides, "EXPLICIT", Conv2d.explicitPaddings(window.paddings())),
        (dOutput, gradients) -> {
          Operand<TFloat32> maps = window.keepsSize() ? x.operand() : window.pad(tf, x.operand());
          if (gradients.wants(x)) {
            Operand<TFloat32> dMaps =
                tf.nn.conv2dBackpropInput(tf.shape(maps), filter, dOutput, strides, padding);
            gradients.add(x, window.keepsSize() ? dMaps : window.inside(tf, dMaps, x.shape()));
          }
          gradients.add(
              kernel,
              tf.nn.conv2dBackpropFilter(
                  maps, Dims.of(tf, kernel.shape()), dOutput, strides, padding));
        });
  }

  /** Work on an image of so many rows and columns. */
  public long multiplyAdds(int rows, int columns) {
    return (long) window.places(rows) * window.places(columns) * kernel.size();
  }
}
