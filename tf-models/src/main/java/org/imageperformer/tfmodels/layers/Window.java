package org.imageperformer.tfmodels.layers;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A square that moves over an image's rows and columns.
 *
 * @param size its side
 * @param stride by how much it moves
 * @param padding by how much it may stand out beyond each edge
 */
public record Window(int size, int stride, int padding) {
  /** One that moves pixel by pixel and gives an image of the same size. */
  public static Window around(int size) {
    return new Window(size, 1, (size - 1) / 2);
  }

  /** Rows or columns of what it gives; below 1 if it does not fit. */
  public int places(int side) {
    return Math.floorDiv(side + 2 * padding - size, stride) + 1;
  }

  /** Whether what it gives has as many rows and columns as the image. */
  boolean keepsSize() {
    return stride == 1 && size == 2 * padding + 1;
  }

  /** Of batch, rows, columns and channels, the number of each that lies before and behind. */
  List<Long> paddings() {
    long beyond = padding;
    return List.of(0L, 0L, beyond, beyond, beyond, beyond, 0L, 0L);
  }

  /**
   * Surrounds an image with zeros.
   *
   * @param maps [batch, rows, columns, channels]
   * @return [batch, rows + 2 padding, columns + 2 padding, channels]
   */
  Operand<TFloat32> pad(Ops tf, Operand<TFloat32> maps) {
    if (padding == 0) {
      return maps;
    }
    long[] paddings = paddings().stream().mapToLong(Long::longValue).toArray();
    return tf.pad(maps, tf.reshape(Dims.of(tf, paddings), Dims.of(tf, 4, 2)), tf.constant(0f));
  }

  /**
   * Takes off what surrounds an image.
   *
   * @param padded [batch, rows + 2 padding, columns + 2 padding, channels]
   * @param shape of the image, [batch, rows, columns, channels]
   * @return [batch, rows, columns, channels]
   */
  Operand<TFloat32> inside(Ops tf, Operand<TFloat32> padded, Shape shape) {
    return padding == 0
        ? padded
        : tf.slice(
            padded,
            Dims.of(tf, 0, padding, padding, 0),
            Dims.of(tf, -1, shape.get(1), shape.get(2), shape.get(3)));
  }
}
