package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Gradients;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * The group's part of the scores, {@code q_grp . table[I[v, g, m]]}: products with all rows of the
 * table, of which each (v, g, m) takes one. For given v and g every m takes another.
 *
 * <p>Axes: i images and heads, P pixels, V output elements or one where I does not depend on them,
 * G query elements, M key elements, c features of a head.
 */
final class GroupScores {

  private final int order; // G = M
  private final int[] taken; // where (v, g, m) finds its score among [g, row of the table]
  private final int[] takers; // where (v, g, row of the table) goes among [v, g, m]
  private final long first; // of the group's features among the c
  private final Value table;

  GroupScores(AttentionSpec spec, long first, Value table) {
    this.first = first;
    this.table = table;
    this.order = spec.group().order();
    int outputs = spec.encoding() == GroupEncoding.RELATIVE ? 1 : order;
    int[][][] indices = spec.encoding().indices(spec.group());
    this.taken = new int[outputs * order * order];
    this.takers = new int[taken.length];
    for (int v = 0; v < outputs; v++) {
      for (int g = 0; g < order; g++) {
        for (int m = 0; m < order; m++) {
          int place = (v * order + g) * order;
          taken[place + m] = g * order + indices[v][g][m];
          takers[place + indices[v][g][m]] = place + m;
        }
      }
    }
  }

  /** Scores of a query, V G M. */
  int size() {
    return taken.length;
  }

  /** Of the output elements those that have scores of their own, V. */
  int outputs() {
    return taken.length / order / order;
  }

  /**
   * Adds the scores.
   *
   * @param q [i, P, G c]
   * @return [i, P, V G M]
   */
  Operand<TFloat32> scores(Ops tf, Operand<TFloat32> q) {
    Operand<TFloat32> all =
        tf.linalg.matMul(features(tf, q), table.operand(), MatMul.transposeB(true));
    return tf.gather(
        tf.reshape(all, Dims.of(tf, -1, q.shape().get(1), (long) order * order)),
        tf.constant(taken),
        tf.constant(2));
  }

  /**
   * Adds the backward pass, and the gradient by the table.
   *
   * @param dScores as many as the scores, in their order
   * @return the gradient by the queries, [i, P, G c]
   */
  Operand<TFloat32> back(
      Ops tf, Operand<TFloat32> dScores, Operand<TFloat32> q, Gradients gradients) {
    Operand<TFloat32> byRow = // [i P, V, G, row of the table]
        tf.reshape(
            tf.gather(
                tf.reshape(dScores, Dims.of(tf, -1, taken.length)),
                tf.constant(takers),
                tf.constant(1)),
            Dims.of(tf, -1, outputs(), order, order));
    Operand<TFloat32> dAll = // [i P G, row of the table]
        tf.reshape(tf.sum(byRow, tf.constant(1)), Dims.of(tf, -1, order));
    gradients.add(table, tf.linalg.matMul(dAll, features(tf, q), MatMul.transposeA(true)));
    Operand<TFloat32> dFeatures = tf.linalg.matMul(dAll, table.operand());
    return tf.reshape(
        tf.pad(
            dFeatures,
            tf.constant(new int[][] {{0, 0}, {Math.toIntExact(first), 0}}),
            tf.constant(0f)),
        Dims.of(tf, -1, q.shape().get(1), q.shape().get(2)));
  }

  /** The queries' features for the group, [i P G, f]. */
  private Operand<TFloat32> features(Ops tf, Operand<TFloat32> q) {
    long all = q.shape().get(2) / order;
    return tf.slice(
        tf.reshape(q, Dims.of(tf, -1, all)), Dims.of(tf, 0, first), Dims.of(tf, -1, all - first));
  }
}
