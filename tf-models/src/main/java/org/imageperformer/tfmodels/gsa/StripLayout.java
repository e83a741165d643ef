package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Where the queries and keys of a strip of rows stand when positions are the last axis. Rows of
 * queries are as wide as those of the keys around them: then the keys of one offset are all keys
 * from some place on. Positions beyond a row's end belong to no query.
 *
 * @param height rows of the image
 * @param width columns of the image
 * @param rows of the strip
 * @param radius of the neighbourhood
 */
record StripLayout(int height, int width, int rows, int radius) {

  /** Offsets in one direction. */
  int side() {
    return 2 * radius + 1;
  }

  /** Columns of the keys. */
  int wide() {
    return width + 2 * radius;
  }

  /** Rows of the keys. */
  int tall() {
    return rows + 2 * radius;
  }

  /** All positions, P. */
  int positions() {
    return rows * wide();
  }

  /** The row of a position in the strip. */
  int row(int position) {
    return position / wide();
  }

  /** The column of a position; it belongs to no query if that is beyond the width. */
  int column(int position) {
    return position % wide();
  }

  /**
   * Queries, or what belongs to them, by position; 0 where there is none.
   *
   * @param x [n, k]
   * @return [k, P]
   */
  Operand<TFloat32> byPosition(Ops tf, Operand<TFloat32> x) {
    long k = x.shape().get(1);
    Operand<TFloat32> widened =
        tf.pad(
            tf.reshape(x, Dims.of(tf, rows, width, k)),
            tf.constant(new int[][] {{0, 0}, {0, 2 * radius}, {0, 0}}),
            tf.constant(0f));
    return turned(tf, tf.reshape(widened, Dims.of(tf, positions(), k)));
  }

  /**
   * The opposite of {@link #byPosition}.
   *
   * @param x [k, P]
   * @return [n, k]
   */
  Operand<TFloat32> byQuery(Ops tf, Operand<TFloat32> x) {
    long k = x.shape().get(0);
    Operand<TFloat32> queries =
        tf.slice(
            tf.reshape(x, Dims.of(tf, k, rows, wide())),
            Dims.of(tf, 0, 0, 0),
            Dims.of(tf, k, rows, width));
    return turned(tf, tf.reshape(queries, Dims.of(tf, k, (long) rows * width)));
  }

  /**
   * Keys by place: the keys of an offset are those from {@link #place} on, one for each position.
   * Behind them are some zeros, so that every offset has as many.
   *
   * @param x [tall, wide, k]
   * @return [k, places]
   */
  Operand<TFloat32> byPlace(Ops tf, Operand<TFloat32> x) {
    return turned(
        tf,
        tf.pad(
            tf.reshape(x, Dims.of(tf, (long) tall() * wide(), x.shape().get(2))),
            tf.constant(new int[][] {{0, 2 * radius}, {0, 0}}),
            tf.constant(0f)));
  }

  /** Where the keys of an offset begin, a scalar. */
  Operand<TInt32> place(Ops tf, Operand<TInt32> offset) {
    return tf.math.add(tf.math.mul(row(tf, offset), tf.constant(wide())), column(tf, offset));
  }

  /** The row of an offset, from 0, a scalar. */
  Operand<TInt32> row(Ops tf, Operand<TInt32> offset) {
    return tf.math.floorDiv(offset, tf.constant(side()));
  }

  /** The column of an offset, from 0, a scalar. */
  Operand<TInt32> column(Ops tf, Operand<TInt32> offset) {
    return tf.math.floorMod(offset, tf.constant(side()));
  }

  private static Operand<TFloat32> turned(Ops tf, Operand<TFloat32> x) {
    return tf.linalg.transpose(x, tf.constant(new int[] {1, 0}));
  }
}
