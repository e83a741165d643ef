package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The probabilities as a product: with scores content(g, m, d) and position(g, v, d),
 *
 * <pre>
 * softmax_(m, d)(content + position) = x y,
 * x_(g, m, d) = softmax_m(content),  y_(g, v, d) = softmax_d(position + log sum_m exp(content)),
 * </pre>
 *
 * the probability of a key's offset times that of its element. So exponentials are taken of G M D
 * and G V D numbers instead of V G M D, what remains are sums of products ({@link Mixture}), and
 * since both factors are softmaxes of their own nothing underflows, however far the scores spread.
 *
 * <p>The backward pass, with F the dropout factors, {@code w = sum_m F x dSummed} and {@code t =
 * sum_d y w}: {@code dPosition = y (w - t)}, {@code dContent = x (sum_v F y dSummed - sum_v y t)}.
 */
final class FactorisedProbabilities implements Probabilities {

  private final Ops tf;
  private final Mixture mixture;
  private final boolean grouped;
  private final Operand<TFloat32> x; // [n, G, M, D]
  private final Operand<TFloat32> y; // [n, G, V, D]

  /**
   * Adds the factors.
   *
   * @param scores with a group part that does not depend on v, or none
   */
  FactorisedProbabilities(Ops tf, Scores scores, Mixture mixture) {
    this.tf = tf;
    this.mixture = mixture;
    this.grouped = scores.group().isPresent();
    Operand<TFloat32> content = scores.content();
    if (grouped) {
      long[] sizes = content.shape().asArray();
      content =
          tf.math.add(
              content,
              tf.reshape(scores.group().get(), Dims.of(tf, sizes[0], sizes[1], sizes[2], 1)));
    }
    Operand<TFloat32> largest = // [n, G, 1, D]
        tf.reduceMax(content, tf.constant(2), ReduceMax.keepDims(true));
    Operand<TFloat32> powers = tf.math.exp(tf.math.sub(content, largest));
    Operand<TFloat32> total = sum(powers, 2); // [n, G, 1, D]
    this.x = tf.math.div(powers, total);
    this.y =
        tf.nn.softmax(tf.math.add(scores.position(), tf.math.add(largest, tf.math.log(total))));
  }

  @Override
  public Operand<TFloat32> summed() {
    return mixture.overQueries(y, x);
  }

  @Override
  public Scores back(Operand<TFloat32> dSummed) {
    Operand<TFloat32> w = mixture.overKeys(x, dSummed); // [n, G, V, D]
    Operand<TFloat32> t = sum(tf.math.mul(y, w), 3); // [n, G, V, 1]
    Operand<TFloat32> dPosition = tf.math.mul(y, tf.math.sub(w, t));
    Operand<TFloat32> dContent =
        tf.math.mul(x, tf.math.sub(mixture.overOutputs(y, dSummed), sum(tf.math.mul(y, t), 2)));
    return new Scores(
        dContent,
        dPosition,
        grouped ? Optional.of(tf.sum(dContent, tf.constant(3))) : Optional.empty());
  }

  private Operand<TFloat32> sum(Operand<TFloat32> values, int axis) {
    return tf.sum(values, tf.constant(axis), Sum.keepDims(true));
  }
}
