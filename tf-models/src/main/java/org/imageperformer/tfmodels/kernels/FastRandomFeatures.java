package org.imageperformer.tfmodels.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Gradients;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Widened;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

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
 * <p>How products are formed follows from what oneDNN is fast at (docs/performance.md): the
 * features are filled up to a multiple of 16 with copies of the first, which change no maximum and
 * are left out of every sum, and where there would be h + 1 columns, the product is computed
 * transposed.
 *
 * <p>Axes: b batch, H heads, Q queries, L tokens, w width of queries and keys, h width of values, m
 * features, M those and the ones that fill up.
 */
final class FastRandomFeatures {

  /** Softmax features of tokens: everything [b, H, tokens, ...]. */
  private record Features(
      Operand<TFloat32> s, // [M]
      Operand<TFloat32> z, // [1]
      Operand<TFloat32> halfSquare, // [1], |x|^2 / (2 sqrt(w))
      Operand<TFloat32> u) {} // [M]

  private static final int MULTIPLE = 16;

  private final Pass pass;
  private final Ops tf;
  private final int count; // m
  private final int filling; // M - m
  private final Operand<TFloat32> projection; // w^(-1/4) P and copies of its first row, [M, w]
  private final Operand<TFloat32> counted; // 1, and 0 for those that fill up, [M]
  private final Operand<TFloat32> inverseSqrtWidth; // 1 / sqrt(w)
  private final int[] keyAxes; // those that M runs over, features aside

  private FastRandomFeatures(Pass pass, RandomFeatures phi) {
    this.pass = pass;
    this.tf = pass.tf();
    this.count = Math.toIntExact(phi.projection().shape()[0]);
    this.filling = (MULTIPLE - count % MULTIPLE) % MULTIPLE;
    Operand<TFloat32> scaled = // [m, w]
        tf.math.mul(pass.read(phi.projection()), tf.constant((float) Math.pow(phi.width(), -0.25)));
    this.projection =
        filling == 0
            ? scaled
            : tf.concat(
                List.of(
                    scaled,
                    tf.tile(
                        tf.slice(scaled, Dims.of(tf, 0, 0), Dims.of(tf, 1, phi.width())),
                        Dims.of(tf, filling, 1))),
                tf.constant(0));
    float[] ones = new float[count + filling];
    Arrays.fill(ones, 0, count, 1f);
    this.counted = tf.constant(ones);
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
    return new FastRandomFeatures(pass, phi).forward(q, k, v);
  }

  /**
   * Adds the products with a table of keys.
   *
   * @param q [b, H, Q, w]
   * @param table features of the keys, [keys, m]
   * @return [b, H, Q, keys]
   */
  static Value compare(Pass pass, RandomFeatures phi, Value q, Value table) {
    return new FastRandomFeatures(pass, phi).products(q, table);
  }

  private Value products(Value q, Value table) {
    Features fq = features(q.operand());
    Operand<TFloat32> rq = factor(fq); // [b, H, Q, 1]
    Operand<TFloat32> phiK = filled(table.operand()); // [keys, M]
    Operand<TFloat32> sk = // [b, H, Q, keys]
        Products.float32(tf, Products.withRows(tf, forProduct(fq.s), forProduct(phiK)));
    Operand<TFloat32> out = tf.math.add(tf.math.mul(sk, rq), eps(sum(table.operand(), 1, false)));

    return pass.record(
        out,
        (dOut, gradients) -> {
          Operand<TFloat32> rd = tf.math.mul(dOut, rq); // [b, H, Q, keys]
          Operand<TFloat32> t = sum(tf.math.mul(rd, sk), 3, true); // [b, H, Q, 1]
          Operand<TFloat32> rows = tf.reshape(rd, Dims.of(tf, -1, sk.shape().get(3)));
          back(gradients, q, fq, tokens(tf.linalg.matMul(rows, phiK), fq), t, t);
          Operand<TFloat32> ofFeatures = // [keys, M]
              tf.linalg.matMul(
                  rows,
                  tf.reshape(fq.s, Dims.of(tf, -1, fq.s.shape().get(3))),
                  MatMul.transposeA(true));
          gradients.add(
              table,
              tf.math.add(
                  tf.slice(ofFeatures, Dims.of(tf, 0, 0), Dims.of(tf, -1, count)),
                  tf.expandDims(eps(sum(dOut, new int[] {0, 1, 2}, false)), tf.constant(1))));
        });
  }

  private Value forward(Value q, Value k, Value v) {
    long h = v.operand().shape().get(3);
    Features fq = features(q.operand());
    Features fk = features(k.operand());
    Operand<TFloat32> rq = factor(fq); // [b, H, Q, 1]
    Operand<TFloat32> largest = maxOfFeatures(fk.u); // [b, H, L, 1]
    Operand<TFloat32> stabilizer = // M, [b, H, 1, 1] or [1, 1, 1, 1]
        tf.reduceMax(largest, tf.constant(keyAxes), ReduceMax.keepDims(true));
    Operand<TFloat32> rk = // [b, H, L, 1]
        tf.math.div(
            tf.math.exp(tf.math.sub(tf.math.sub(largest, stabilizer), fk.halfSquare)), fk.z);
    // Ones, [b, H, L, 1]; b is known only at run time.
    Operand<TFloat32> one = tf.math.add(tf.math.mul(rk, tf.constant(0f)), tf.constant(1f));
    Operand<TFloat32> v1 = tf.concat(List.of(v.operand(), one), tf.constant(3)); // [b, H, L, h+1]
    Operand<TFloat32> rv = tf.math.mul(v1, rk);
    Operand<TFloat32> at = // A^T, [b, H, h+1, M]
        withoutFilling(
            tf.math.add(
                Products.overTokens(tf, forProduct(rv), forProduct(fk.s)),
                tf.expandDims(eps(sum(v1, 2, false)), tf.constant(3))));
    Operand<TFloat32> ofEpsilon = eps(sum(at, 3, true)); // [b, H, h+1, 1]
    Operand<TFloat32> nt = // N^T, [b, H, h+1, Q]
        tf.math.add(
            tf.math.mul(
                Products.float32(
                    tf, Products.batched(tf, forProduct(at), forProduct(fq.s), false, true)),
                flipped(rq)),
            ofEpsilon);
    Operand<TFloat32> denominator = rows(nt, h, 1); // [b, H, 1, Q]
    Operand<TFloat32> out = flip(tf.math.div(rows(nt, 0, h), denominator)); // [b, H, Q, h]

    return pass.record(
        out,
        (dOut, gradients) -> {
          Operand<TFloat32> dNumerator = tf.math.div(dOut, flipped(denominator));
          Operand<TFloat32> dDenominator = tf.math.neg(sum(tf.math.mul(dNumerator, out), 3, true));
          Operand<TFloat32> dn = // [b, H, Q, h+1]
              tf.concat(List.of(dNumerator, dDenominator), tf.constant(3));
          Operand<TFloat32> rdn = tf.math.mul(dn, rq);
          Operand<TFloat32> dat = // [b, H, h+1, M]
              withoutFilling(
                  tf.math.add(
                      Products.overTokens(tf, rdn, fq.s),
                      tf.expandDims(eps(sum(dn, 2, false)), tf.constant(3))));
          // A query's dN and N are orthogonal, as the quotient does not see a common factor.
          Operand<TFloat32> tq = // [b, H, Q, 1]
              tf.math.neg(Products.batched(tf, dn, ofEpsilon, false, false));
          back(gradients, q, fq, gradientByS(rdn, at), tq, tq);

          Operand<TFloat32> rdat = // (r_k (S_k dA))^T, [b, H, h+1, L]
              tf.math.mul(Products.batched(tf, dat, fk.s, false, true), flipped(rk));
          Operand<TFloat32> rda = flip(rows(rdat, 0, h)); // [b, H, L, h]
          gradients.add(
              v, tf.math.add(rda, flipped(eps(sum(rows(dat, 0, h), 3, true))))); // [b, H, L, h]
          Operand<TFloat32> tk = // [b, H, L, 1]
              tf.math.add(sum(tf.math.mul(rda, v.operand()), 3, true), flipped(rows(rdat, h, 1)));
          Operand<TFloat32> maximal = // [b, H, L, 1]
              tf.dtypes.cast(tf.math.equal(largest, stabilizer), TFloat32.class);
          Operand<TFloat32> share =
              tf.math.div(sum(tk, keyAxes, true), sum(maximal, keyAxes, true));
          back(gradients, k, fk, gradientByS(rv, dat), tk, tf.math.mul(maximal, share));
        });
  }

  /**
   * The gradient with respect to queries or keys: {@code (dS * S - maxima) P w^(-1/4) - t x /
   * sqrt(w)}.
   *
   * @param of the features of x
   * @param ds gradient with respect to S, [b, H, tokens, M]
   * @param t gradient with respect to the logarithm of the token's factor, [b, H, tokens, 1]
   * @param tMaximum what the token's largest feature loses, [b, H, tokens, 1]
   */
  private void back(
      Gradients gradients,
      Value x,
      Features of,
      Operand<TFloat32> ds,
      Operand<TFloat32> t,
      Operand<TFloat32> tMaximum) {
    Operand<TFloat32> du = // [b, H, tokens, M]
        Products.compiledFactor(
            pass,
            "features_back",
            Map.of("g", ds, "s", of.s, "z", of.z, "tMaximum", tMaximum, "counted", counted),
            FastRandomFeatures::byFeature);
    gradients.add(
        x,
        Products.compiledFactor(
            pass,
            "features_of_back",
            Map.of(
                "projected", projected(Products.factor(pass, du), of),
                "x", x.operand(),
                "t", tf.math.mul(t, inverseSqrtWidth)),
            (inner, in) ->
                inner.math.sub(in.get("projected"), inner.math.mul(in.get("x"), in.get("t")))));
  }

  /** {@code du P w^(-1/4)}, [b, H, tokens, w]. */
  private <T extends TNumber> Operand<TFloat32> projected(Operand<T> du, Features of) {
    Operand<T> rows = tf.reshape(du, Dims.of(tf, -1, of.s.shape().get(3)));
    return Products.reshaped(
        tf,
        Products.matMul(tf, rows, Products.factor(pass, projection)),
        -1,
        of.s.shape().get(1),
        of.s.shape().get(2),
        projection.shape().get(1));
  }

  /** {@code g S}, less what the largest features of each token lose. */
  private static Operand<TFloat32> byFeature(Ops tf, Inputs in) {
    Operand<TFloat32> s = in.get("s");
    Operand<TFloat32> maximal =
        tf.math.mul(
            tf.dtypes.cast(tf.math.equal(s, in.get("z")), TFloat32.class), in.get("counted"));
    Operand<TFloat32> each = tf.math.div(in.get("tMaximum"), count(tf, maximal));
    return tf.math.sub(tf.math.mul(in.get("g"), s), tf.math.mul(maximal, each));
  }

  /**
   * The sum over the last axis, [..., M] to [..., 1], in two stages: XLA adds the numbers of a row
   * one after the other, but whole vectors where it is told which.
   */
  private static Operand<TFloat32> count(Ops tf, Operand<TFloat32> maximal) {
    Shape shape = maximal.shape();
    long features = shape.get(3);
    Operand<TFloat32> sum = null;
    for (long first = 0; first < features; first += MULTIPLE) {
      Operand<TFloat32> part =
          tf.slice(
              maximal,
              Dims.of(tf, 0, 0, 0, first),
              Dims.of(tf, -1, shape.get(1), shape.get(2), MULTIPLE));
      sum = sum == null ? part : tf.math.add(sum, part);
    }
    return tf.sum(sum, tf.constant(3), Sum.keepDims(true));
  }

  /**
   * The gradient with respect to S, whose factors may be rounded: nothing is subtracted from it
   * that is nearly as large. In the other products differences of many tokens would be lost.
   *
   * @param a [b, H, tokens, h+1]
   * @param b [b, H, h+1, M]
   * @return [b, H, tokens, M]
   */
  private Operand<TFloat32> gradientByS(Operand<TFloat32> a, Operand<TFloat32> b) {
    return Products.float32(
        tf, Products.batched(tf, Products.factor(pass, a), Products.factor(pass, b), false, false));
  }

  private Features features(Operand<TFloat32> x) {
    Operand<? extends TNumber> products =
        Products.withRows(tf, forProduct(x), forProduct(projection));
    Operand<TFloat32> u = Products.float32(tf, products);
    Operand<TFloat32> s = Products.float32(tf, tf.nn.softmax(products));
    Operand<TFloat32> halfSquare =
        tf.math.mul(
            sum(tf.math.square(x), 3, true), tf.math.mul(inverseSqrtWidth, tf.constant(0.5f)));
    return new Features(s, maxOfFeatures(s), halfSquare, u);
  }

  /** r_q, [b, H, Q, 1]. */
  private Operand<TFloat32> factor(Features fq) {
    return tf.math.div(tf.math.exp(tf.math.neg(fq.halfSquare)), fq.z);
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

  /**
   * An operand of the products on the way forward. In training they are in float32: what is rounded
   * there makes equal maxima of different ones.
   */
  private Operand<? extends TNumber> forProduct(Operand<TFloat32> x) {
    return pass.training() ? x : Products.factor(pass, x);
  }

  /** [b, H, tokens, M] to [b, H, tokens, 1]. */
  private Operand<TFloat32> maxOfFeatures(Operand<TFloat32> x) {
    return Widened.origin(x)
        .map(narrow -> maxOfVectors(narrow, x.shape()))
        .orElseGet(() -> tf.reduceMax(x, tf.constant(3), ReduceMax.keepDims(true)));
  }

  /**
   * TensorFlow's maxima of bfloat16 are slow, and its casts not quick; so whole vectors first, by
   * oneDNN's pooling, and casts of what that leaves.
   */
  private Operand<TFloat32> maxOfVectors(Operand<TBfloat16> x, Shape shape) {
    long vectors = shape.get(3) / MULTIPLE;
    Operand<TBfloat16> row = // of images and heads: all their tokens' vectors
        tf.reshape(x, Dims.of(tf, -1, 1, shape.get(2) * vectors, MULTIPLE));
    Operand<TBfloat16> pooled = // as the operation that oneDNN has
        tf.scope()
            .opBuilder("MaxPool", "MaxPool")
            .addInput(row.asOutput())
            .setAttr("ksize", new long[] {1, 1, vectors, 1})
            .setAttr("strides", new long[] {1, 1, vectors, 1})
            .setAttr("padding", "VALID")
            .build()
            .output(0);
    return tf.reduceMax(
        Widened.of(tf, tf.reshape(pooled, Dims.of(tf, -1, shape.get(1), shape.get(2), MULTIPLE))),
        tf.constant(3),
        ReduceMax.keepDims(true));
  }

  /** [keys, m] to [keys, M]. */
  private Operand<TFloat32> filled(Operand<TFloat32> rows) {
    return filling == 0
        ? rows
        : tf.pad(rows, tf.constant(new int[][] {{0, 0}, {0, filling}}), tf.constant(0f));
  }

  /** [b * H * tokens, n] to [b, H, tokens, n]. */
  private Operand<TFloat32> tokens(Operand<TFloat32> flat, Features of) {
    return tf.reshape(
        flat, Dims.of(tf, -1, of.s.shape().get(1), of.s.shape().get(2), flat.shape().get(1)));
  }

  /** With 0 in the columns that fill up. */
  private Operand<TFloat32> withoutFilling(Operand<TFloat32> x) {
    return filling == 0 ? x : tf.math.mul(x, counted);
  }

  /** Some of h + 1 rows. */
  private Operand<TFloat32> rows(Operand<TFloat32> x, long first, long number) {
    return tf.slice(
        x,
        Dims.of(tf, 0, 0, first, 0),
        Dims.of(tf, -1, x.shape().get(1), number, x.shape().get(3)));
  }

  /** [b, H, x, y] to [b, H, y, x]. */
  private Operand<TFloat32> flip(Operand<TFloat32> x) {
    return tf.linalg.transpose(x, Dims.of(tf, 0, 1, 3, 2));
  }

  /** The same for a single row or column, which moves nothing. */
  private Operand<TFloat32> flipped(Operand<TFloat32> x) {
    return tf.reshape(x, Dims.of(tf, -1, x.shape().get(1), x.shape().get(3), x.shape().get(2)));
  }
}
