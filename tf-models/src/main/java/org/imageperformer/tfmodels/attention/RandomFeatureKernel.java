package org.imageperformer.tfmodels.attention;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/**
 * FAVOR+ (models.md section 3): {@code K(q, k) = phi(q).phi(k)} with positive random features
 *
 * <pre>phi(x) = m^(-1/2) (exp(w^(-1/4) P x - |x|^2 / (2 sqrt(w)) - s) + 1e-4)</pre>
 *
 * so that attention costs O(L m h) and no matrix of tokens by tokens is ever formed. The factor
 * m^(-1/2) is left out here: it cancels between numerator and denominator.
 *
 * <p>Axes: b batch, H heads, L tokens, Q queries, w width of queries and keys, h width of values, m
 * features.
 */
public final class RandomFeatureKernel implements AttentionKernel {

  /** Added to every feature, so that no normaliser vanishes. */
  public static final float EPSILON = 1e-4f;

  private final Weight projection;
  private final int width;
  private final KeyStabilizer stabilizer;

  /**
   * Creates the random projection {@code name/projection} [m, width].
   *
   * @param features m; {@link #features(int)} is the usual number
   */
  public RandomFeatureKernel(
      Weights weights, String name, int width, int features, KeyStabilizer stabilizer) {
    this.width = width;
    this.stabilizer = stabilizer;
    this.projection =
        weights.randomFeatures(
            name + "/projection", new OrthogonalFeatures(width), features, width);
  }

  /** The usual number of random features for a width, floor(w ln w). */
  public static int features(int width) {
    return (int) Math.floor(width * Math.log(width));
  }

  /** P, [m, w]. */
  public Weight projection() {
    return projection;
  }

  public KeyStabilizer stabilizer() {
    return stabilizer;
  }

  @Override
  public Value attend(Pass pass, Value q, Value k, Value v) {
    if (pass.fast()) {
      return FastRandomFeatures.attend(pass, this, q, k, v);
    }
    return pass.apply(q, k, v, (qs, ks, vs) -> attend(pass, qs, ks, vs));
  }

  private Operand<TFloat32> attend(
      Pass pass, Operand<TFloat32> q, Operand<TFloat32> k, Operand<TFloat32> v) {
    Ops tf = pass.tf();
    Operand<TFloat32> phiQ = queryFeatures(pass, q); // [b, H, Q, m]
    Operand<TFloat32> phiK = keyFeatures(pass, k); // [b, H, L, m]
    Operand<TFloat32> keySum = tf.sum(phiK, Dims.of(tf, 2), Sum.keepDims(true)); // [b, H, 1, m]
    Operand<TFloat32> keyValues =
        tf.train.batchMatMul(phiK, v, TFloat32.class, BatchMatMul.adjX(true)); // [b, H, m, h]
    Operand<TFloat32> numerator =
        tf.train.batchMatMul(phiQ, keyValues, TFloat32.class); // [b, H, Q, h]
    Operand<TFloat32> normalizer =
        tf.train.batchMatMul(phiQ, keySum, TFloat32.class, BatchMatMul.adjY(true)); // [b, H, Q, 1]
    return tf.math.div(numerator, normalizer);
  }

  @Override
  public Value compare(Pass pass, Value q, Value table) {
    return pass.apply(q, table, (qs, keys) -> compare(pass, qs, keys));
  }

  private Operand<TFloat32> compare(Pass pass, Operand<TFloat32> q, Operand<TFloat32> table) {
    Ops tf = pass.tf();
    Operand<TFloat32> keys = tf.expandDims(tf.expandDims(table, tf.constant(0)), tf.constant(0));
    Operand<TFloat32> phiK = keyFeatures(pass, keys); // [1, 1, keys, m]
    return Projection.apply(
        tf, queryFeatures(pass, q), tf.squeeze(phiK, Squeeze.axis(List.of(0L, 1L))));
  }

  /** phi(q), stabilised by the maximum over the features of each token. */
  private Operand<TFloat32> queryFeatures(Pass pass, Operand<TFloat32> q) {
    return features(pass, q, new int[] {3});
  }

  /**
   * phi(k), stabilised by one maximum per image and head, or over everything ({@code batch}). A
   * table counts as one image and head.
   */
  private Operand<TFloat32> keyFeatures(Pass pass, Operand<TFloat32> k) {
    return features(
        pass, k, stabilizer == KeyStabilizer.BATCH ? new int[] {0, 1, 2, 3} : new int[] {2, 3});
  }

  private Operand<TFloat32> features(Pass pass, Operand<TFloat32> x, int[] maximumAxes) {
    Ops tf = pass.tf();
    Operand<TFloat32> scaled =
        tf.math.mul(x, tf.constant((float) Math.pow(width, -0.25))); // w^(-1/4) x
    Operand<TFloat32> projected = Projection.apply(tf, scaled, pass.read(projection));
    Operand<TFloat32> halfSquare =
        tf.math.mul(
            tf.sum(tf.math.square(scaled), Dims.of(tf, 3), Sum.keepDims(true)),
            tf.constant(0.5f)); // |x|^2 / (2 sqrt(w))
    Operand<TFloat32> largest =
        tf.reduceMax(projected, tf.constant(maximumAxes), ReduceMax.keepDims(true));
    return tf.math.add(
        tf.math.exp(tf.math.sub(tf.math.sub(projected, halfSquare), largest)),
        tf.constant(EPSILON));
  }
}
