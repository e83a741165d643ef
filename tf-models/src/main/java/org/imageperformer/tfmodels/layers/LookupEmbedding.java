package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A table row for each value of each channel: channel c with value v takes row {@code 256 c + v};
 * the rows of a pixel's channels are concatenated.
 */
public final class LookupEmbedding implements PixelEmbedding {

  /** Values of a channel. */
  public static final int VALUES = 256;

  private final Weight table;
  private final int channels;
  private final int dim;

  /**
   * Creates the weight {@code name/table} [256 * channels, dim / channels].
   *
   * @throws IllegalArgumentException if channels do not divide dim
   */
  public LookupEmbedding(Weights weights, String name, int channels, int dim) {
    if (dim % channels != 0) {
      throw new IllegalArgumentException(
          "a lookup needs dim divisible by the channels: dim is "
              + dim
              + ", channels are "
              + channels);
    }
    this.channels = channels;
    this.dim = dim;
    this.table =
        weights.trained(
            name + "/table",
            Initializer.standardNormal(),
            (long) VALUES * channels,
            dim / channels);
  }

  @Override
  public Value apply(Pass pass, Value pixels) {
    return pass.apply(pixels, bytes -> lookUp(pass, bytes));
  }

  private Operand<TFloat32> lookUp(Pass pass, Operand<TFloat32> pixels) {
    Ops tf = pass.tf();
    int[] firstRows = new int[channels];
    for (int c = 0; c < channels; c++) {
      firstRows[c] = VALUES * c;
    }
    Operand<TInt32> rows =
        tf.math.add(tf.dtypes.cast(pixels, TInt32.class), tf.constant(firstRows));
    Operand<TFloat32> found =
        tf.gather(
            pass.read(table), rows, tf.constant(0)); // [batch, pixels, channels, dim/channels]
    return tf.reshape(found, Dims.of(tf, -1, pixels.shape().get(1), dim));
  }
}
