package org.imageperformer.tfmodels.cnn;

import java.util.Arrays;
import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The adaptive mean of an image to 7x7 pixels, and an affine map of all their channels
 * (docs/cnn.md, section 3). Pixel i of n = 7 is the mean of the m rows from floor(i m / n) to below
 * ceil((i + 1) m / n), and so are the columns. Of a single pixel all 49 are copies: then the map
 * takes it once, with the sum of its 49 kernels.
 */
final class AdaptiveMap {

  private static final int SIDE = 7;

  private final int rows;
  private final int columns;
  private final int channels;
  private final Weight kernel;
  private final Weight bias;

  /**
   * Creates {@code name/kernel} [49 * channels, out], the channels of a pixel side by side, and
   * {@code name/bias} [out].
   *
   * @param rows of the image
   * @param columns of the image
   */
  AdaptiveMap(
      Weights weights,
      String name,
      int rows,
      int columns,
      int channels,
      int out,
      Initializer initial) {
    this.rows = rows;
    this.columns = columns;
    this.channels = channels;
    this.kernel = weights.trained(name + "/kernel", initial, (long) SIDE * SIDE * channels, out);
    this.bias = weights.trained(name + "/bias", Initializer.constant(0), out);
  }

  /**
   * Adds both to the graph.
   *
   * @param x [batch, rows, columns, channels]
   * @return [batch, out]
   */
  Value apply(Pass pass, Value x) {
    Ops tf = pass.tf();
    return pass.apply(
        x,
        maps ->
            tf.nn.biasAdd(
                single()
                    ? tf.linalg.matMul(
                        tf.reshape(maps, Dims.of(tf, -1, channels)),
                        tf.sum(
                            tf.reshape(
                                pass.read(kernel), Dims.of(tf, SIDE * SIDE, channels, bias.size())),
                            tf.constant(0)))
                    : tf.linalg.matMul(means(tf, maps), pass.read(kernel)),
                pass.read(bias)));
  }

  private boolean single() {
    return rows * columns == 1;
  }

  /** [batch, rows, columns, channels] to [batch, 49 * channels]. */
  private Operand<TFloat32> means(Ops tf, Operand<TFloat32> maps) {
    Operand<TFloat32> means = // [batch, 49, channels]
        tf.linalg.einsum(
            List.of(shares(tf), tf.reshape(maps, Dims.of(tf, -1, (long) rows * columns, channels))),
            "ip,bpn->bin");
    return tf.reshape(means, Dims.of(tf, -1, kernel.shape()[0]));
  }

  /** By how much of each pixel the means are made up, [49, rows * columns]. */
  private Operand<TFloat32> shares(Ops tf) {
    float[][] ofRows = shares(rows);
    float[][] ofColumns = shares(columns);
    float[] shares = new float[SIDE * SIDE * rows * columns];
    int next = 0;
    for (float[] vertical : ofRows) {
      for (float[] horizontal : ofColumns) {
        for (float share : vertical) {
          for (float other : horizontal) {
            shares[next++] = share * other;
          }
        }
      }
    }
    return tf.constant(Shape.of((long) SIDE * SIDE, (long) rows * columns), DataBuffers.of(shares));
  }

  /** The same of so many rows alone, [7][rows]. */
  private static float[][] shares(int rows) {
    float[][] shares = new float[SIDE][rows];
    for (int i = 0; i < SIDE; i++) {
      int from = i * rows / SIDE;
      int to = ((i + 1) * rows + SIDE - 1) / SIDE;
      Arrays.fill(shares[i], from, to, 1f / (to - from));
    }
    return shares;
  }

  /** Work on one image; the sum of the kernels is that of a batch. */
  long multiplyAdds() {
    return single() ? kernel.size() / (SIDE * SIDE) : kernel.size();
  }
}
