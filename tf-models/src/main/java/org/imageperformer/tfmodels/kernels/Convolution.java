package org.imageperformer.tfmodels.kernels;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A depthwise convolution of an image's pixels, in two steps: the image surrounded by what lies
 * beyond its edges, and the sums where the kernel is inside.
 *
 * @param kernel [k, k, d, 1], k odd
 * @param bias [d]
 * @param height of the image in pixels
 * @param width of the image in pixels
 * @param edges what lies beyond them
 */
public record Convolution(Weight kernel, Weight bias, int height, int width, Edges edges) {
  private static final List<Long> EACH_PIXEL = List.of(1L, 1L, 1L, 1L);

  /** Pixels in row-major order, [b, height * width, d], with (k - 1) / 2 more on each side. */
  Operand<TFloat32> surround(Ops tf, Operand<TFloat32> pixels) {
    int beyond = (int) (kernel.shape()[0] - 1) / 2;
    Operand<TFloat32> image = tf.reshape(pixels, Dims.of(tf, -1, height, width, bias.size()));
    return switch (edges) {
      case CIRCULAR -> around(tf, around(tf, image, 1, beyond), 2, beyond);
      case ZERO ->
          tf.pad(
              image,
              tf.constant(new int[][] {{0, 0}, {beyond, beyond}, {beyond, beyond}, {0, 0}}),
              tf.constant(0f));
    };
  }

  /** Along one axis; around more than once where the image is smaller than what surrounds it. */
  private static Operand<TFloat32> around(Ops tf, Operand<TFloat32> image, int axis, int beyond) {
    long size = image.shape().get(axis);
    List<Operand<TFloat32>> parts = new ArrayList<>();
    long at = -beyond;
    while (at < size + beyond) {
      long[] first = new long[4];
      long[] counts = image.shape().asArray();
      first[axis] = Math.floorMod(at, size);
      counts[0] = -1;
      counts[axis] = Math.min(size - first[axis], size + beyond - at);
      parts.add(
          counts[axis] == size ? image : tf.slice(image, Dims.of(tf, first), Dims.of(tf, counts)));
      at += counts[axis];
    }
    return parts.size() == 1 ? image : tf.concat(parts, tf.constant(axis));
  }

  /**
   * The sums.
   *
   * @param surrounded [b, height + k - 1, width + k - 1, d]
   * @param weights [k, k, d, 1]
   * @return [b, height * width, d]
   */
  Operand<TFloat32> sums(Ops tf, Operand<TFloat32> surrounded, Operand<TFloat32> weights) {
    return tf.reshape(
        tf.nn.depthwiseConv2dNative(surrounded, weights, EACH_PIXEL, "VALID"),
        Dims.of(tf, -1, (long) height * width, bias.size()));
  }

  /** The gradient with respect to the kernel. */
  Operand<TFloat32> kernelGradient(
      Ops tf, Operand<TFloat32> surrounded, Operand<TFloat32> dOutput) {
    return tf.nn.depthwiseConv2dNativeBackpropFilter(
        surrounded,
        Dims.of(tf, kernel.shape()),
        tf.reshape(dOutput, Dims.of(tf, -1, height, width, bias.size())),
        EACH_PIXEL,
        "VALID");
  }
}
