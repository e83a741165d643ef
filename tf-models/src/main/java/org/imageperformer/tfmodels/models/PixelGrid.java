package org.imageperformer.tfmodels.models;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Positions of an image's pixels. */
public final class PixelGrid {

  private PixelGrid() {}

  /** Row and column 0, 1, 2, ... of each pixel in row-major order, [height * width, 2]. */
  public static Value coordinates(Pass pass, int height, int width) {
    float[] values = new float[height * width * 2];
    for (int pixel = 0; pixel < height * width; pixel++) {
      int row = pixel / width;
      values[2 * pixel] = row;
      values[2 * pixel + 1] = pixel % width;
    }
    return pass.constant(
        pass.tf().constant(Shape.of((long) height * width, 2), DataBuffers.of(values)));
  }
}
