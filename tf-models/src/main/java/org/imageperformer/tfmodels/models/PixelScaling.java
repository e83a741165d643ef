package org.imageperformer.tfmodels.models;

import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * From bytes to what enters the pixel embedding: {@code (x / 255 - mean) / std} per channel, or the
 * raw integers for a lookup.
 *
 * @param raw whether the values stay 0..255
 * @param mean of each channel, after division by 255
 * @param std of each channel, after division by 255
 */
public record PixelScaling(boolean raw, List<Float> mean, List<Float> std) {

  /**
   * Checks the channels.
   *
   * @throws IllegalArgumentException if the channels differ in number or a std is not positive
   */
  public PixelScaling {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != std.size() || mean.isEmpty()) {
      throw new IllegalArgumentException(
          "expected as many means as stds, found " + mean.size() + " and " + std.size());
    }
    for (float value : std) {
      if (!(value > 0)) {
        throw new IllegalArgumentException("a std must be positive, not " + value);
      }
    }
  }

  /** Raw integers. */
  public static PixelScaling raw(int channels) {
    return new PixelScaling(
        true, Collections.nCopies(channels, 0f), Collections.nCopies(channels, 1f));
  }

  /** Division by 255 alone. */
  public static PixelScaling unit(int channels) {
    return new PixelScaling(
        false, Collections.nCopies(channels, 0f), Collections.nCopies(channels, 1f));
  }

  /**
   * Adds the scaling to a graph.
   *
   * @param images [batch, height, width, channels]
   * @return the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TUint8> images) {
    Operand<TFloat32> values = tf.dtypes.cast(images, TFloat32.class);
    if (raw) {
      return values;
    }
    return tf.math.div(
        tf.math.sub(tf.math.div(values, tf.constant(255f)), channels(tf, mean)), channels(tf, std));
  }

  private static Operand<TFloat32> channels(Ops tf, List<Float> values) {
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i);
    }
    return tf.constant(Shape.of(flat.length), DataBuffers.of(flat));
  }
}
