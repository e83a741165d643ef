package org.imageperformer.tfmodels.kernels;

import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Gradients;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * {@link RandomFeatures} with a hand-written backward pass. It computes the same function in
 * another order:
 *
 * <ul>
 *   <li>With {@code u = w^(-1/4) P x}, {@code S = softmax(u)} over the features and {@code z} its
 *       maximum, {@code exp(u - max u) = S / z}. So a feature is {@code r S + eps} with one factor
 *       per token: {@code r_q = exp(-|x|^2 / (2 sqrt(w))) / z} for queries, {@code r_k = exp(max u
 *       - M - |x|^2 / (2 sqrt(w))) / z} for keys, M the maximum over the keys. The factors multiply
 *       the few columns of the values instead of the many features.
 *   <li>With {@code V = [v | 1]}, numerator and denominator are one product {@code N = phi(q) A},
 *       {@code A = phi(k)^T V}. A is kept transposed.
 *   <li>The eps of a query's features adds {@code eps sum_m A_m} to N, the same for every query;
 *       that of the keys adds {@code eps sum_j V_j} to A, the same for every feature.
 *   <li>In the backward pass, with t the gradient with respect to {@code log r} of a token: the
 *       maximum enters {@code log r} with a minus sign, so t is subtracted from the gradient of the
 *       maximal u: for a query its own t, for the keys the sum of t over all that share M. Equal
 *       maxima get equal parts.
 * </ul>
 *
 * <p>Axes: b batch, H heads, Q queries, L tokens, w width of queries and keys, h width of values, m
 * features.
 */
final class FastRandomFeatures {

  /** Softmax features of tokens: everything [b, H, tokens, ...]. */
  private record Features(
      Operand<TFloat32> s, // [m]
      Operand<TFloat32> z, // [1]
      Operand<TFloat32> halfSquare, // [1], |x|^2 / (2 sqrt(w))
      Operand<TFloat32> u) {} // [m]

  private final Ops tf;
  private final Operand<TFloat32> projection; // w^(-1/4) P, [m, w]
  private final Operand<TFloat32> inverseSqrtWidth; // 1 / sqrt(w)
  private final int[] keyAxes; // those that M runs over, features aside

  private FastRandomFeatures(Pass pass, RandomFeatures phi) {
    this.tf = pass.tf();
    this.projection =
        tf.math.mul(pass.read(phi.projection()), tf.constant((float) Math.pow(phi.width(), -0.25)));
    this.keyAxes = phi.acrossBatch() ? new int[] {0, 1, 2} : new int[] {2};
    this.inverseSqrtWidth = tf.constant((float) (1 / Math.sqrt(phi.width())));
  }

  /**
   * Adds the attention.
   *
   * @param q [b, H, Q, w]
   * @param k [b, H, L, w]
   * @param v [b, H, L, h]
   * @return [b, H, Q, h]
   */
  static Value attend(Pass pass, RandomFeatures phi, Value q, Value k, Value v) {
    return new FastRandomFeatures(pass, phi).forward(pass, q, k, v);
  }

  private Value forward(Pass pass, Value q, Value k, Value v) {
    long h = v.operand().shape().get(3);
    Features fq = features(q.operand());
    Features fk = features(k.operand());
    Operand<TFloat32> rq =
        tf.math.div(tf.math.exp(tf.math.neg(fq.halfSquare)), fq.z); // [b, H, Q, 1]
    Operand<TFloat32> largest = max(fk.u, 3); // [b, H, L, 1]
    Operand<TFloat32> stabilizer = max(largest, keyAxes); // M, [b, H, 1, 1] or [1, 1, 1, 1]
    Operand<TFloat32> rk = // [b, H, L, 1]
        tf.math.div(
            tf.math.exp(tf.math.sub(tf.math.sub(largest, stabilizer), fk.halfSquare)), fk.z);
    // Ones, [b, H, L, 1]; b is known only at run time.
    Operand<TFloat32> one = tf.math.add(tf.math.mul(rk, tf.constant(0f)), tf.constant(1f));
    Operand<TFloat32> v1 = tf.concat(List.of(v.operand(), one), tf.constant(3)); // [b, H, L, h+1]
    Operand<TFloat32> rv = tf.math.mul(v1, rk);
    Operand<TFloat32> at = // A^T, [b, H, h+1, m]
        tf.math.add(
            Products.batched(tf, rv, fk.s, true, false),
            tf.expandDims(eps(sum(v1, 2, false)), tf.constant(3)));
    Operand<TFloat32> t = Products.batched(tf, fq.s, at, false, true); // [b, H, Q, h+1]
    Operand<TFloat32> n =
        tf.math.add(tf.math.mul(t, rq), tf.expandDims(eps(sum(at, 3, false)), tf.constant(2)));
    Operand<TFloat32> denominator = columns(n, h, 1); // [b, H, Q, 1]
    Operand<TFloat32> out = tf.math.div(columns(n, 0, h), denominator); // [b, H, Q, h]

    return pass.record(
        out,
        (dOut, gradients) -> {
          Operand<TFloat32> dNumerator = tf.math.div(dOut, denominator);
          Operand<TFloat32> dDenominator = tf.math.neg(sum(tf.math.mul(dNumerator, out), 3, true));
          Operand<TFloat32> dn = // [b, H, Q, h+1]
              tf.concat(List.of(dNumerator, dDenominator), tf.constant(3));
          Operand<TFloat32> rdn = tf.math.mul(dn, rq);
          Operand<TFloat32> dat = // [b, H, h+1, m]
              tf.math.add(
                  Products.batched(tf, rdn, fq.s, true, false),
                  tf.expandDims(eps(sum(dn, 2, false)), tf.constant(3)));
          Operand<TFloat32> tq = sum(tf.math.mul(rdn, t), 3, true); // [b, H, Q, 1]
          back(pass, gradients, q, fq, rdn, at, tq, tq);

          Operand<TFloat32> rda = // r_k (S_k dA), [b, H, L, h+1]
              tf.math.mul(Products.batched(tf, fk.s, dat, false, true), rk);
          Operand<TFloat32> dv1 =
              tf.math.add(rda, tf.expandDims(eps(sum(dat, 3, false)), tf.constant(2)));
          gradients.add(v, columns(dv1, 0, h));
          Operand<TFloat32> tk = sum(tf.math.mul(rda, v1), 3, true); // [b, H, L, 1]
          Operand<TFloat32> maximal = // [b, H, L, 1]
              tf.dtypes.cast(tf.math.equal(largest, stabilizer), TFloat32.class);
          Operand<TFloat32> share =
              tf.math.div(sum(tk, keyAxes, true), sum(maximal, keyAxes, true));
          back(pass, gradients, k, fk, rv, dat, tk, tf.math.mul(maximal, share));
        });
  }

  /**
   * The gradient with respect to queries or keys: {@code ((left right) * S - maxima) P w^(-1/4) - t
   * x / sqrt(w)}.
   *
   * @param of the features of x
   * @param left [b, H, tokens, h+1]
   * @param right [b, H, h+1, m]
   * @param t gradient with respect to the logarithm of the token's factor, [b, H, tokens, 1]
   * @param tMaximum what the token's largest feature loses, [b, H, tokens, 1]
   */
  private void back(
      Pass pass,
      Gradients gradients,
      Value x,
      Features of,
      Operand<TFloat32> left,
      Operand<TFloat32> right,
      Operand<TFloat32> t,
      Operand<TFloat32> tMaximum) {
    Operand<TFloat32> du = // [b, H, tokens, m]
        pass.compiled()
            .callOne(
                tf,
                "features_back",
                Map.of(
                    "g",
                    Products.batched(tf, left, right, false, false),
                    "s",
                    of.s,
                    "z",
                    of.z,
                    "tMaximum",
                    tMaximum),
                FastRandomFeatures::byFeature);
    long heads = of.s.shape().get(1);
    long tokens = of.s.shape().get(2);
    long features = of.s.shape().get(3);
    long width = projection.shape().get(1);
    Operand<TFloat32> projected =
        tf.reshape(
            tf.linalg.matMul(tf.reshape(du, Dims.of(tf, -1, features)), projection),
            Dims.of(tf, -1, heads, tokens, width));
    gradients.add(
        x, tf.math.sub(projected, tf.math.mul(x.operand(), tf.math.mul(t, inverseSqrtWidth))));
  }

  /** {@code g S}, less what the largest features of each token lose. */
  private static Operand<TFloat32> byFeature(Ops tf, Inputs in) {
    Operand<TFloat32> s = in.get("s");
    Operand<TFloat32> maximal = tf.dtypes.cast(tf.math.equal(s, in.get("z")), TFloat32.class);
    Operand<TFloat32> each =
        tf.math.div(in.get("tMaximum"), tf.sum(maximal, tf.constant(3), Sum.keepDims(true)));
    return tf.math.sub(tf.math.mul(in.get("g"), s), tf.math.mul(maximal, each));
  }

  private Features features(Operand<TFloat32> x) {
    Operand<TFloat32> u = Products.withRows(tf, x, projection);
    Operand<TFloat32> s = tf.nn.softmax(u);
    Operand<TFloat32> halfSquare =
        tf.math.mul(
            sum(tf.math.square(x), 3, true), tf.math.mul(inverseSqrtWidth, tf.constant(0.5f)));
    return new Features(s, max(s, 3), halfSquare, u);
  }

  private Operand<TFloat32> eps(Operand<TFloat32> x) {
    return tf.math.mul(x, tf.constant(RandomFeatures.EPSILON));
  }

  private Operand<TFloat32> sum(Operand<TFloat32> x, int axis, boolean keep) {
    return sum(x, new int[] {axis}, keep);
  }

  private Operand<TFloat32> sum(Operand<TFloat32> x, int[] axes, boolean keep) {
    return tf.sum(x, tf.constant(axes), Sum.keepDims(keep));
  }

  private Operand<TFloat32> max(Operand<TFloat32> x, int... axes) {
    return tf.reduceMax(x, tf.constant(axes), ReduceMax.keepDims(true));
  }

  private Operand<TFloat32> columns(Operand<TFloat32> x, long first, long count) {
    return tf.slice(
        x, Dims.of(tf, 0, 0, 0, first), Dims.of(tf, -1, x.shape().get(1), x.shape().get(2), count));
  }
}
