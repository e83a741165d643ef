package org.imageperformer.tfmodels.attention;

import java.util.List;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.kernels.Kernels;
import org.imageperformer.tfmodels.kernels.Rings;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums over the pixels at each Manhattan distance {@code r = |row_i - row_j| + |col_i - col_j|} of
 * a token (models.md section 4): {@code S_r(i) = sum of v_j over pixels j at distance exactly r}.
 *
 * <p>Axes: b batch, g heads, p pixels in row-major order, R rings, h features.
 */
public final class ManhattanRings {

  private final int height;
  private final int width;
  private final Rings rings;
  private final ClassTokenPosition classToken;

  /**
   * Rings of radius 0 to {@code distance - 1}.
   *
   * @param distance any; beyond {@code height + width} there are no further pixels
   */
  public ManhattanRings(int height, int width, int distance, ClassTokenPosition classToken) {
    this.height = height;
    this.width = width;
    // The corner's class token, one row below the image, is at most height + width - 1 away.
    this.rings = new Rings(height, width, Math.min(distance, height + width));
    this.classToken = classToken;
  }

  /** R: the number of radii that can have pixels. */
  public int rings() {
    return rings.count();
  }

  /**
   * Adds {@code sum_r w_r(i) S_r(i)} around every pixel i, without the sums themselves.
   *
   * @param weights [b, g, p, R]
   * @param v [b, g, p, h]
   * @return [b, g, p, h]
   */
  public Value weightedSum(Pass pass, Value weights, Value v) {
    return Kernels.of(pass).weightedRings(rings, weights, v);
  }

  /**
   * Adds the ring sums around the class token as a query.
   *
   * @param v [b, g, p, h]
   * @return [b, g, R, h]; zeros if the class token has no position
   */
  public Value aroundClassToken(Pass pass, Value v) {
    Ops tf = pass.tf();
    return pass.apply(
        v, pixels -> tf.linalg.einsum(List.of(classMatrix(tf), pixels), "rp,bgph->bgrh"));
  }

  /** Number of pixels in each ring around each pixel, [p, R]. */
  public Operand<TFloat32> pixelCounts(Ops tf) {
    float[] counts = new float[rings() * height * width];
    for (int i = 0; i < height * width; i++) {
      for (int j = 0; j < height * width; j++) {
        int r = Math.abs(i / width - j / width) + Math.abs(i % width - j % width);
        if (r < rings()) {
          counts[i * rings() + r]++;
        }
      }
    }
    return constant(tf, counts, (long) height * width, rings());
  }

  /** Number of pixels in each ring around the class token as a query, [1, R]. */
  public Operand<TFloat32> classTokenCounts(Ops tf) {
    return tf.expandDims(tf.sum(classMatrix(tf), tf.constant(1)), tf.constant(0));
  }

  /** [r, p]: 1 where pixel p is at distance r of the class token as a query. */
  private Operand<TFloat32> classMatrix(Ops tf) {
    float[] values = new float[rings() * height * width];
    if (classToken == ClassTokenPosition.CORNER) {
      for (int p = 0; p < height * width; p++) {
        int r = (height - p / width) + p % width; // the class token stands at (height, 0)
        if (r < rings()) {
          values[r * height * width + p] = 1;
        }
      }
    }
    return constant(tf, values, rings(), (long) height * width);
  }

  private static Operand<TFloat32> constant(Ops tf, float[] values, long... shape) {
    return tf.constant(Shape.of(shape), DataBuffers.of(values));
  }
}
