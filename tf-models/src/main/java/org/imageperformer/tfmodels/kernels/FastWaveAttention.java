package org.imageperformer.tfmodels.kernels;

import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Gradients;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The attention of {@link FastWaves}. With f, g the features and R the turns by angles,
 *
 * <pre>A = (R g)^T v   y = (R f) (M^T A) / (f . G + eps)   G = sum_j g_j</pre>
 *
 * where M turns by alpha and beta. Backward, with n and d the gradients by numerator and
 * denominator: {@code d(R f) = n (M^T A)^T}, {@code d(M^T A) = (R f)^T n}, {@code dG = d^T f} and
 * so on; turns go back by their transposes.
 *
 * <p>Axes: b batch, H heads, L pixels, P pairs, h features of a head.
 */
final class FastWaveAttention {

  /** Features and the same turned by the angles, each [b, H, L, 2P]. */
  private record Turned(Operand<TFloat32> features, Operand<TFloat32> turned) {}

  private final Pass pass;
  private final Ops tf;
  private final WaveParameters of;
  private final WaveFeatures features;
  private final Operand<TFloat32> cos; // (cos, cos), [L, 2P]
  private final Operand<TFloat32> sin; // (sin, -sin), [L, 2P]
  private final Operand<TFloat32> alpha; // (alpha, alpha), [H, 2P, 1]
  private final Operand<TFloat32> beta; // (beta, -beta), [H, 2P, 1]

  FastWaveAttention(Pass pass, WaveParameters of) {
    this.pass = pass;
    this.tf = pass.tf();
    this.of = of;
    this.features = new WaveFeatures(pass, of);
    int pairs = of.pairs();
    int pixels = of.angles().size();
    float[] cosines = new float[pixels * 2 * pairs];
    float[] sines = new float[cosines.length];
    for (int i = 0; i < cosines.length; i++) {
      double angle = of.angles().get(i / (2 * pairs))[i % pairs];
      cosines[i] = (float) Math.cos(angle);
      sines[i] = (float) (i / pairs % 2 == 0 ? Math.sin(angle) : -Math.sin(angle));
    }
    this.cos = tf.constant(Shape.of(pixels, 2L * pairs), DataBuffers.of(cosines));
    this.sin = tf.constant(Shape.of(pixels, 2L * pairs), DataBuffers.of(sines));
    Operand<TFloat32> a = pass.read(of.alpha());
    Operand<TFloat32> b = pass.read(of.beta());
    this.alpha = ofRows(a, a);
    this.beta = ofRows(b, tf.math.neg(b));
  }

  private Operand<TFloat32> ofRows(Operand<TFloat32> even, Operand<TFloat32> odd) {
    return tf.expandDims(tf.concat(List.of(even, odd), tf.constant(1)), tf.constant(2));
  }

  /** Adds the attention with stock operations alone. */
  Operand<TFloat32> infer(Operand<TFloat32> q, Operand<TFloat32> k, Operand<TFloat32> v) {
    Operand<TFloat32> f = features.apply(q, true);
    Operand<TFloat32> g = features.apply(k, false);
    Operand<TFloat32> keyValues = // A, [b, H, 2P, h]
        tf.math.add(
            Products.batched(tf, tf.math.mul(g, cos), v, true, false),
            exchanged(Products.batched(tf, tf.math.mul(g, sin), v, true, false)));
    Operand<TFloat32> turned = turned(keyValues, beta);
    Operand<TFloat32> numerator =
        tf.math.add(
            Products.batched(tf, tf.math.mul(f, cos), turned, false, false),
            Products.batched(tf, tf.math.mul(f, sin), exchanged(turned), false, false));
    return tf.math.div(numerator, denominator(f, keySum(g)));
  }

  /** Adds the attention with its backward pass. */
  Value train(Value q, Value k, Value v) {
    Turned f = turned(q.operand(), true);
    Turned g = turned(k.operand(), false);
    Operand<TFloat32> keyValues = Products.batched(tf, g.turned, v.operand(), true, false); // A
    Operand<TFloat32> turned = turned(keyValues, beta); // M^T A, [b, H, 2P, h]
    Operand<TFloat32> keySum = keySum(g.features); // G
    Operand<TFloat32> denominator = denominator(f.features, keySum);
    Operand<TFloat32> y =
        tf.math.div(Products.batched(tf, f.turned, turned, false, false), denominator);
    return pass.record(
        y,
        (dOutput, gradients) -> {
          Operand<TFloat32> n = tf.math.div(dOutput, denominator); // [b, H, L, h]
          Operand<TFloat32> d = // [b, H, L, 1]
              tf.math.neg(tf.sum(tf.math.mul(n, y), tf.constant(3), Sum.keepDims(true)));
          back(gradients, q, f, Products.batched(tf, n, turned, false, true), d, keySum);

          Operand<TFloat32> dTurned = Products.batched(tf, f.turned, n, true, false);
          gradients.add(of.alpha(), byPair(tf.math.mul(dTurned, keyValues), 1));
          gradients.add(of.beta(), byPair(tf.math.mul(dTurned, exchanged(keyValues)), -1));
          Operand<TFloat32> dKeyValues = turned(dTurned, tf.math.neg(beta));
          gradients.add(v, Products.batched(tf, g.turned, dKeyValues, false, false));
          back(
              gradients,
              k,
              g,
              Products.batched(tf, v.operand(), dKeyValues, false, true),
              tf.constant(Shape.of(1, 1, 1, 1), DataBuffers.of(1f)),
              Products.batched(tf, d, f.features, true, false));
        });
  }

  /** G, [b, H, 1, 2P]. */
  private Operand<TFloat32> keySum(Operand<TFloat32> g) {
    return tf.sum(g, tf.constant(2), Sum.keepDims(true));
  }

  /** [b, H, L, 1]. */
  private Operand<TFloat32> denominator(Operand<TFloat32> f, Operand<TFloat32> keySum) {
    return tf.math.add(
        Products.batched(tf, f, keySum, false, true), tf.constant(features.epsilon()));
  }

  /** The two halves of the rows exchanged, [b, H, 2P, h]. */
  private Operand<TFloat32> exchanged(Operand<TFloat32> rows) {
    return tf.concat(List.of(half(rows, 1), half(rows, 0)), tf.constant(2));
  }

  private Operand<TFloat32> half(Operand<TFloat32> rows, long which) {
    long pairs = of.pairs();
    return tf.slice(
        rows,
        Dims.of(tf, 0, 0, which * pairs, 0),
        Dims.of(tf, -1, of.heads(), pairs, rows.shape().get(3)));
  }

  /** M^T A, or M A for the negative beta: (alpha a + beta b, alpha b - beta a). */
  private Operand<TFloat32> turned(Operand<TFloat32> rows, Operand<TFloat32> sine) {
    return tf.math.add(tf.math.mul(rows, alpha), tf.math.mul(exchanged(rows), sine));
  }

  /** First half plus {@code sign} times the second, summed over images and values, [H, P]. */
  private Operand<TFloat32> byPair(Operand<TFloat32> rows, float sign) {
    Operand<TFloat32> sums =
        tf.reshape(
            tf.sum(rows, tf.constant(new int[] {0, 3})), Dims.of(tf, of.heads(), 2, of.pairs()));
    return tf.sum(tf.math.mul(sums, tf.constant(new float[][] {{1}, {sign}})), tf.constant(1));
  }

  /** Features and turn in one loop. */
  private Turned turned(Operand<TFloat32> x, boolean ofQueries) {
    List<Operand<TFloat32>> found;
    if (of.projection().isEmpty()) {
      found =
          pass.compiled()
              .call(
                  tf,
                  "wave_elu",
                  Map.of("x", features.first(x), "cos", cos, "sin", sin),
                  (inner, in) -> {
                    Operand<TFloat32> zero = inner.constant(0f);
                    Operand<TFloat32> u = in.get("x");
                    return withTurned(
                        inner,
                        inner.math.add(
                            inner.math.maximum(u, zero),
                            inner.math.exp(inner.math.minimum(u, zero))),
                        in.get("cos"),
                        in.get("sin"));
                  });
    } else {
      Operand<TFloat32> exponent = Products.withRows(tf, x, features.projection());
      Operand<TFloat32> shift = features.shift(x, exponent, ofQueries);
      found =
          pass.compiled()
              .call(
                  tf,
                  "wave_favor",
                  Map.of("x", exponent, "shift", shift, "cos", cos, "sin", sin),
                  (inner, in) ->
                      withTurned(
                          inner,
                          inner.math.add(
                              inner.math.exp(inner.math.sub(in.get("x"), in.get("shift"))),
                              inner.constant(RandomFeatures.EPSILON)),
                          in.get("cos"),
                          in.get("sin")));
    }
    return new Turned(found.get(0), found.get(1));
  }

  private static List<Operand<TFloat32>> withTurned(
      Ops tf, Operand<TFloat32> f, Operand<TFloat32> cos, Operand<TFloat32> sin) {
    return List.of(f, tf.math.sub(tf.math.mul(f, cos), tf.math.mul(pairwise(tf, f), sin)));
  }

  /** The members of each pair exchanged, [b, H, L, 2P]. */
  private static Operand<TFloat32> pairwise(Ops tf, Operand<TFloat32> x) {
    long heads = x.shape().get(1);
    long pixels = x.shape().get(2);
    long count = x.shape().get(3);
    return tf.reshape(
        tf.reverse(
            tf.reshape(x, Dims.of(tf, -1, heads, pixels, 2, count / 2)),
            tf.constant(new int[] {3})),
        Dims.of(tf, -1, heads, pixels, count));
  }

  /**
   * The gradient with respect to queries or keys: that of the features is {@code R^T dTurned +
   * weight direction}.
   *
   * @param dTurned [b, H, L, 2P]
   * @param weight [b, H, L, 1] or [1, 1, 1, 1]
   * @param direction [b, H, 1, 2P]
   */
  private void back(
      Gradients gradients,
      Value x,
      Turned at,
      Operand<TFloat32> dTurned,
      Operand<TFloat32> weight,
      Operand<TFloat32> direction) {
    boolean elu = of.projection().isEmpty();
    Operand<TFloat32> du =
        pass.compiled()
            .callOne(
                tf,
                elu ? "wave_elu_back" : "wave_favor_back",
                Map.of(
                    "f",
                    at.features,
                    "dTurned",
                    dTurned,
                    "weight",
                    weight,
                    "direction",
                    direction,
                    "cos",
                    cos,
                    "sin",
                    sin),
                (inner, in) -> {
                  Operand<TFloat32> turned = in.get("dTurned");
                  Operand<TFloat32> f = in.get("f");
                  Operand<TFloat32> df =
                      inner.math.add(
                          inner.math.add(
                              inner.math.mul(turned, in.get("cos")),
                              inner.math.mul(pairwise(inner, turned), in.get("sin"))),
                          inner.math.mul(in.get("weight"), in.get("direction")));
                  // The slope of elu is 1 where f = x + 1 is above 1, else f = exp(x).
                  Operand<TFloat32> slope =
                      elu
                          ? inner.math.minimum(f, inner.constant(1f))
                          : inner.math.sub(f, inner.constant(RandomFeatures.EPSILON));
                  return inner.math.mul(df, slope);
                });
    gradients.add(x, elu ? ofAll(du, x.operand()) : ofProjected(du, x.operand()));
  }

  /** With zeros for the component that elu leaves out. */
  private Operand<TFloat32> ofAll(Operand<TFloat32> du, Operand<TFloat32> x) {
    int without = Math.toIntExact(x.shape().get(3) - du.shape().get(3));
    return without == 0
        ? du
        : tf.pad(
            du, tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {0, without}}), tf.constant(0f));
  }

  /** {@code w^(-1/4) du P - x sum(du) / sqrt(w)}. */
  private Operand<TFloat32> ofProjected(Operand<TFloat32> du, Operand<TFloat32> x) {
    Operand<TFloat32> sum = tf.sum(du, tf.constant(3), Sum.keepDims(true));
    Operand<TFloat32> scale = tf.constant((float) (1 / Math.sqrt((double) x.shape().get(3))));
    return tf.math.sub(
        Products.withRows(tf, du, tf.linalg.transpose(features.projection(), Dims.of(tf, 1, 0))),
        tf.math.mul(x, tf.math.mul(sum, scale)));
  }
}
