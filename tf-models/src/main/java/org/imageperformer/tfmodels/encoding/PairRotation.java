package org.imageperformer.tfmodels.encoding;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * Multiplies each sin/cos pair (a, b) of a position encoding, as a row vector, by {@code [[alpha,
 * beta], [-beta, alpha]]} (models.md section 4): a rotation and a scaling, so that the product with
 * the unrotated encoding of another position depends on their difference alone.
 */
public final class PairRotation {

  private final Weight alpha;
  private final Weight beta;
  private final int heads;
  private final int pairs;

  /** Creates {@code name/alpha} and {@code name/beta}, each [heads, pairs], standard normal. */
  public PairRotation(Weights weights, String name, int heads, int pairs) {
    this.heads = heads;
    this.pairs = pairs;
    this.alpha = weights.trained(name + "/alpha", Initializer.standardNormal(), heads, pairs);
    this.beta = weights.trained(name + "/beta", Initializer.standardNormal(), heads, pairs);
  }

  /**
   * Adds the rotation with this layer's alpha and beta.
   *
   * @param encoding [tokens, 2 * pairs]
   * @return [heads, tokens, 2 * pairs]
   */
  public Value apply(Pass pass, Value encoding) {
    Ops tf = pass.tf();
    long tokens = encoding.shape().get(0);
    return pass.apply(
        encoding,
        e -> {
          Operand<TFloat32> rotated =
              rotate(
                  tf,
                  tf.reshape(e, Dims.of(tf, 1, tokens, pairs, 2)),
                  tf.reshape(pass.read(alpha), Dims.of(tf, heads, 1, pairs)),
                  tf.reshape(pass.read(beta), Dims.of(tf, heads, 1, pairs)));
          return tf.reshape(rotated, Dims.of(tf, heads, tokens, 2L * pairs));
        });
  }

  /**
   * Adds the rotation with an alpha and beta of each token's own.
   *
   * @param encoding [tokens, 2 * pairs]
   * @param alphaBeta [batch, tokens, heads * pairs * 2], laid out as head, pair, (alpha, beta)
   * @return [batch, heads, tokens, 2 * pairs]
   */
  public Value applyPerToken(Pass pass, Value encoding, Value alphaBeta) {
    Ops tf = pass.tf();
    long tokens = encoding.shape().get(0);
    return pass.apply(
        encoding,
        alphaBeta,
        (e, ab) -> {
          Operand<TFloat32> byHead = // [batch, heads, tokens, pairs, 2]
              tf.linalg.transpose(
                  tf.reshape(ab, Dims.of(tf, -1, tokens, heads, pairs, 2)),
                  Dims.of(tf, 0, 2, 1, 3, 4));
          List<Output<TFloat32>> parts = tf.unstack(byHead, 2L, Unstack.axis(4L)).output();
          Operand<TFloat32> rotated =
              rotate(
                  tf,
                  tf.reshape(e, Dims.of(tf, 1, 1, tokens, pairs, 2)),
                  parts.get(0),
                  parts.get(1));
          return tf.reshape(rotated, Dims.of(tf, -1, heads, tokens, 2L * pairs));
        });
  }

  /** (a, b) -> (a alpha - b beta, a beta + b alpha) over pairs in the last axis. */
  private static Operand<TFloat32> rotate(
      Ops tf, Operand<TFloat32> encoding, Operand<TFloat32> alpha, Operand<TFloat32> beta) {
    long last = encoding.shape().numDimensions() - 1L;
    List<Output<TFloat32>> pair = tf.unstack(encoding, 2L, Unstack.axis(last)).output();
    Operand<TFloat32> a = pair.get(0);
    Operand<TFloat32> b = pair.get(1);
    return tf.stack(
        List.of(
            tf.math.sub(tf.math.mul(a, alpha), tf.math.mul(b, beta)),
            tf.math.add(tf.math.mul(a, beta), tf.math.mul(b, alpha))),
        Stack.axis(last));
  }
}
