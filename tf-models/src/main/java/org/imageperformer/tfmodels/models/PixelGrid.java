package org.imageperformer.tfmodels.models;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Positions of an image's pixels. */
public final class PixelGrid {

  private PixelGrid() {}

  /** Row and column 0, 1, 2, ... of each pixel in row-major order, [height * width, 2]. */
  public static Operand<TFloat32> coordinates(Ops tf, int height, int width) {
    float[] values = new float[height * width * 2];
    for (int pixel = 0; pixel < height * width; pixel++) {
      int row = pixel / width;
      values[2 * pixel] = row;
      values[2 * pixel + 1] = pixel % width;
    }
    return tf.constant(Shape.of((long) height * width, 2), DataBuffers.of(values));
  }
}
