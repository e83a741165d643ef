package org.imageperformer.tfmodels.attention;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums over the pixels at each Manhattan distance {@code r = |row_i - row_j| + |col_i - col_j|} of
 * a token (models.md section 4): {@code S_r(i) = sum of v_j over pixels j at distance exactly r}.
 *
 * <p>A ring of radius r is the union, over k = 0..r, of the pixels k columns and r - k rows away.
 * So ring sums are products with two small banded matrices, one along the columns and one along the
 * rows, and never with a matrix of pixels by pixels. The zeros of the bands are multiplied, too:
 * this is the definition, and {@link FastRings} its fast block.
 *
 * <p>Axes: b batch, g heads, p pixels in row-major order, R rings, h features; z, x row and column
 * of the centre; y, u row and column of the pixel that is added; k = |x - u|.
 */
public final class ManhattanRings {

  private final int height;
  private final int width;
  private final int rings;
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
    this.rings = Math.min(distance, height + width);
    this.classToken = classToken;
  }

  /** R: the number of radii that can have pixels. */
  public int rings() {
    return rings;
  }

  /**
   * Adds the ring sums around every pixel, with their backward pass: the same two products,
   * transposed.
   *
   * @param v [b, g, p, h]
   * @return [b, g, R, p, h]
   */
  public Value aroundPixels(Pass pass, Value v) {
    Ops tf = pass.tf();
    long heads = v.operand().shape().get(1);
    long features = v.operand().shape().get(3);
    long rows = (long) rings * height;
    long columns = (long) rings * width;
    Operand<TFloat32> columnMatrices = columnMatrices(tf);
    Operand<TFloat32> rowMatrices = rowMatrices(tf);

    Operand<TFloat32> image =
        tf.reshape(v.operand(), Dims.of(tf, -1, heads, height, width, features));
    Operand<TFloat32> columnSums = // k columns away, [b, g, y, (k, x), h]
        Batched.product(tf, columnMatrices, image, false, false);
    Operand<TFloat32> sums = // and r - k rows away, [b, g, (r, z), (x, h)]
        Batched.product(
            tf,
            rowMatrices,
            tf.reshape(columnSums, Dims.of(tf, -1, heads, rows, width * features)),
            false,
            false);
    return pass.record(
        tf.reshape(sums, Dims.of(tf, -1, heads, rings, (long) height * width, features)),
        (dOutput, gradients) -> {
          Operand<TFloat32> dSums =
              tf.reshape(dOutput, Dims.of(tf, -1, heads, rows, width * features));
          Operand<TFloat32> dColumnSums =
              tf.reshape(
                  Batched.product(tf, rowMatrices, dSums, true, false),
                  Dims.of(tf, -1, heads, height, columns, features));
          gradients.add(
              v,
              tf.reshape(
                  Batched.product(tf, columnMatrices, dColumnSums, true, false),
                  Dims.of(tf, -1, heads, (long) height * width, features)));
        });
  }

  /**
   * Adds {@code sum_r w_r(i) S_r(i)} around every pixel i, without the sums themselves.
   *
   * @param weights [b, g, p, R]
   * @param v [b, g, p, h]
   * @return [b, g, p, h]
   */
  public Value weightedSum(Pass pass, Value weights, Value v) {
    if (pass.fast()) {
      return FastRings.weightedSum(pass, height, width, rings, weights, v);
    }
    Value sums = aroundPixels(pass, v);
    return pass.apply(
        weights,
        sums,
        (w, s) -> {
          Ops tf = pass.tf();
          Operand<TFloat32> byRing = // [b, g, R, p, 1]
              tf.expandDims(tf.linalg.transpose(w, Dims.of(tf, 0, 1, 3, 2)), tf.constant(4));
          return tf.sum(tf.math.mul(byRing, s), tf.constant(2));
        });
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
    float[] counts = new float[rings * height * width];
    for (int i = 0; i < height * width; i++) {
      for (int j = 0; j < height * width; j++) {
        int r = Math.abs(i / width - j / width) + Math.abs(i % width - j % width);
        if (r < rings) {
          counts[i * rings + r]++;
        }
      }
    }
    return constant(tf, counts, (long) height * width, rings);
  }

  /** Number of pixels in each ring around the class token as a query, [1, R]. */
  public Operand<TFloat32> classTokenCounts(Ops tf) {
    return tf.expandDims(tf.sum(classMatrix(tf), tf.constant(1)), tf.constant(0));
  }

  /** [(k, x), u]: 1 where |x - u| = k. */
  private Operand<TFloat32> columnMatrices(Ops tf) {
    float[] values = new float[rings * width * width];
    for (int x = 0; x < width; x++) {
      for (int u = 0; u < width; u++) {
        int k = Math.abs(x - u);
        if (k < rings) {
          values[(k * width + x) * width + u] = 1;
        }
      }
    }
    return constant(tf, values, (long) rings * width, width);
  }

  /** [(r, z), (y, k)]: 1 where |z - y| = r - k. */
  private Operand<TFloat32> rowMatrices(Ops tf) {
    float[] values = new float[rings * height * height * rings];
    for (int r = 0; r < rings; r++) {
      for (int z = 0; z < height; z++) {
        for (int y = 0; y < height; y++) {
          int k = r - Math.abs(z - y);
          if (k >= 0) {
            values[((r * height + z) * height + y) * rings + k] = 1;
          }
        }
      }
    }
    return constant(tf, values, (long) rings * height, (long) height * rings);
  }

  /** [r, p]: 1 where pixel p is at distance r of the class token as a query. */
  private Operand<TFloat32> classMatrix(Ops tf) {
    float[] values = new float[rings * height * width];
    if (classToken == ClassTokenPosition.CORNER) {
      for (int p = 0; p < height * width; p++) {
        int r = (height - p / width) + p % width; // the class token stands at (height, 0)
        if (r < rings) {
          values[r * height * width + p] = 1;
        }
      }
    }
    return constant(tf, values, rings, (long) height * width);
  }

  private static Operand<TFloat32> constant(Ops tf, float[] values, long... shape) {
    return tf.constant(Shape.of(shape), DataBuffers.of(values));
  }
}
