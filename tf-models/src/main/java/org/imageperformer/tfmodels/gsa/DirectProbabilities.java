package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The probabilities as one softmax of V G M D scores: where there is one key element, which leaves
 * nothing to factorise, or where the group's part depends on v as well.
 */
final class DirectProbabilities implements Probabilities {

  private final Ops tf;
  private final Optional<CompiledMixture> mask;
  private final Optional<Operand<TFloat32>> group;
  private final long[] shape; // n, V, G, M, D
  private final Operand<TFloat32> p; // [n, V, G, M D]

  /** Adds the softmax; without a mask there is no dropout. */
  DirectProbabilities(Ops tf, Scores scores, Optional<CompiledMixture> mask) {
    this.tf = tf;
    this.mask = mask;
    this.group = scores.group();
    long[] content = scores.content().shape().asArray();
    long outputs = scores.position().shape().get(2);
    this.shape = new long[] {content[0], outputs, content[1], content[2], content[3]};
    Operand<TFloat32> sum = // [n, V, G, M, D]
        tf.math.add(
            tf.expandDims(scores.content(), tf.constant(1)),
            tf.expandDims(swapped(scores.position()), tf.constant(3)));
    if (group.isPresent()) {
      sum = tf.math.add(sum, tf.expandDims(group.get(), tf.constant(4)));
    }
    this.p =
        tf.nn.softmax(
            tf.reshape(sum, Dims.of(tf, shape[0], shape[1], shape[2], shape[3] * shape[4])));
  }

  @Override
  public Operand<TFloat32> summed() {
    return tf.reshape(
        tf.sum(masked(p), tf.constant(2)), Dims.of(tf, shape[0], shape[1], shape[3], shape[4]));
  }

  @Override
  public Scores back(Operand<TFloat32> dSummed) {
    Operand<TFloat32> dMasked = // [n, V, 1, M D]
        tf.reshape(dSummed, Dims.of(tf, shape[0], shape[1], 1, shape[3] * shape[4]));
    Operand<TFloat32> weighted = tf.math.mul(masked(p), dMasked);
    Operand<TFloat32> total = tf.sum(weighted, tf.constant(3), Sum.keepDims(true));
    Operand<TFloat32> dScores = // [n, V, G, M, D]
        tf.reshape(tf.math.sub(weighted, tf.math.mul(p, total)), Dims.of(tf, shape));
    return new Scores(
        tf.sum(dScores, tf.constant(1)),
        swapped(tf.sum(dScores, tf.constant(3))),
        group.map(given -> tf.sum(dScores, tf.constant(4))));
  }

  private Operand<TFloat32> masked(Operand<TFloat32> probabilities) {
    return mask.map(given -> given.apply(probabilities)).orElse(probabilities);
  }

  /** [n, A, B, D] to [n, B, A, D]. */
  private Operand<TFloat32> swapped(Operand<TFloat32> x) {
    return tf.linalg.transpose(x, tf.constant(new int[] {0, 2, 1, 3}));
  }
}
