package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums over the pixels at each Manhattan distance of a pixel, by definition. A ring of radius r is
 * the union, over k = 0..r, of the pixels k columns and r - k rows away. So ring sums are products
 * with two small banded matrices, one along the columns and one along the rows, and never with a
 * matrix of pixels by pixels. The zeros of the bands are multiplied, too.
 *
 * <p>Axes: b batch, g heads, p pixels in row-major order, R rings, h features; z, x row and column
 * of the centre; y, u row and column of the pixel that is added; k = |x - u|.
 */
final class RingSums {

  private RingSums() {}

  /**
   * Adds the ring sums around every pixel.
   *
   * @param v [b, g, p, h]
   * @return [b, g, R, p, h]
   */
  static Operand<TFloat32> around(Ops tf, Rings rings, Operand<TFloat32> v) {
    long heads = v.shape().get(1);
    long features = v.shape().get(3);
    Operand<TFloat32> image =
        tf.reshape(v, Dims.of(tf, -1, heads, rings.height(), rings.width(), features));
    Operand<TFloat32> columnSums = // k columns away, [b, g, y, (k, x), h]
        Products.batched(tf, columnMatrices(tf, rings), image, false, false);
    Operand<TFloat32> sums = // and r - k rows away, [b, g, (r, z), (x, h)]
        Products.batched(
            tf,
            rowMatrices(tf, rings),
            tf.reshape(
                columnSums,
                Dims.of(
                    tf,
                    -1,
                    heads,
                    (long) rings.count() * rings.height(),
                    rings.width() * features)),
            false,
            false);
    return tf.reshape(sums, Dims.of(tf, -1, heads, rings.count(), rings.pixels(), features));
  }

  /** [(k, x), u]: 1 where |x - u| = k. */
  private static Operand<TFloat32> columnMatrices(Ops tf, Rings rings) {
    int width = rings.width();
    float[] values = new float[rings.count() * width * width];
    for (int x = 0; x < width; x++) {
      for (int u = 0; u < width; u++) {
        int k = Math.abs(x - u);
        if (k < rings.count()) {
          values[(k * width + x) * width + u] = 1;
        }
      }
    }
    return tf.constant(Shape.of((long) rings.count() * width, width), DataBuffers.of(values));
  }

  /** [(r, z), (y, k)]: 1 where |z - y| = r - k. */
  private static Operand<TFloat32> rowMatrices(Ops tf, Rings rings) {
    int height = rings.height();
    int count = rings.count();
    float[] values = new float[count * height * height * count];
    for (int r = 0; r < count; r++) {
      for (int z = 0; z < height; z++) {
        for (int y = 0; y < height; y++) {
          int k = r - Math.abs(z - y);
          if (k >= 0) {
            values[((r * height + z) * height + y) * count + k] = 1;
          }
        }
      }
    }
    long side = (long) count * height;
    return tf.constant(Shape.of(side, side), DataBuffers.of(values));
  }
}
