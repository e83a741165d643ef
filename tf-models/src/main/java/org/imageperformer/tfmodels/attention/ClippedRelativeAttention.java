package org.imageperformer.tfmodels.attention;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Products;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Dropout;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * Attention of which half of the heads knows Manhattan distances, clipped at D (models.md section
 * 4, ClippedRelativePerformer). The first floor(H / 2) heads are content heads. The others share a
 * trained table {@code rpe} of D + 1 keys, one for each distance 0..D-1 and one for D and beyond:
 *
 * <pre>
 * K_i(r) = phi(q_i).phi(rpe_r)   out_i = sum_j K_i(min(r(i, j), D)) v_j / sum_j K_i(min(r(i, j), D))
 * </pre>
 *
 * Since the weight of j depends on its distance alone, the sums over j are sums over rings:
 *
 * <pre>numerator_i = sum_r (K_i(r) - K_i(D)) S_r(i) + K_i(D) sum_j v_j</pre>
 *
 * over r = 0..D-1, where S_r(i) is the sum of v_j over the pixels at distance exactly r ({@link
 * ManhattanRings}), and the same with 1 in place of v for the denominator. The class token is the
 * last token. As a key it is at distance D from everything; as a query it stands at (height, 0), or
 * nowhere ({@link ClassTokenPosition}).
 *
 * <p>Axes: b batch, L tokens, Q queries (L or 1), p pixels (L - 1), d features, H heads, g heads
 * with positions, h = d / H, R rings.
 */
public final class ClippedRelativeAttention {

  private final AttentionOptions options;
  private final ManhattanRings rings;
  private final int contentHeads;
  private final int relativeHeads;
  private final int clippingDist;
  private final Dense query;
  private final Optional<Dense> key;
  private final Dense value;
  private final Optional<AttentionKernel> contentKernel;
  private final Weight rpe;
  private final AttentionKernel relativeKernel;
  private final Dense output;
  private final Dropout dropout;

  /**
   * Creates the weights {@code name/query, key, value, rpe, output} and the projections {@code
   * name/content/projection} and {@code name/relative/projection}.
   *
   * @param clippingDist D, from which distance on all keys share one embedding
   * @param rings of the image, for the same distance
   * @throws IllegalArgumentException unless the class token is the last
   */
  public ClippedRelativeAttention(
      Weights weights,
      String name,
      AttentionOptions options,
      int clippingDist,
      ManhattanRings rings) {
    if (options.classToken() != ClassToken.LAST) {
      throw new IllegalArgumentException("the class token must be the last token");
    }
    int dim = options.dim();
    int headDim = options.headDim();
    this.options = options;
    this.rings = rings;
    this.clippingDist = clippingDist;
    this.contentHeads = options.heads() / 2;
    this.relativeHeads = options.heads() - contentHeads;
    this.query = new Dense(weights, name + "/query", dim, dim);
    this.key =
        contentHeads == 0
            ? Optional.empty()
            : Optional.of(new Dense(weights, name + "/key", dim, contentHeads * headDim));
    this.value = new Dense(weights, name + "/value", dim, dim);
    this.contentKernel =
        contentHeads == 0
            ? Optional.empty()
            : Optional.of(AttentionKernel.create(weights, name + "/content", headDim, options));
    this.rpe = weights.trained(name + "/rpe", Initializer.constant(0), clippingDist + 1L, headDim);
    this.relativeKernel = AttentionKernel.create(weights, name + "/relative", headDim, options);
    this.output = new Dense(weights, name + "/output", dim, dim);
    this.dropout = new Dropout(name, options.dropout());
  }

  /**
   * Adds the layer to the graph.
   *
   * @param x [b, L, d], pixels in row-major order and then the class token
   * @return [b, Q, d]
   */
  public Value apply(Pass pass, Value x, Queries queries) {
    Value queryTokens = options.queryTokens(pass, x, queries); // [b, Q, d]
    Value q = Heads.split(pass, query.apply(pass, queryTokens), options.heads()); // [b, H, Q, h]
    Value v = Heads.split(pass, value.apply(pass, x), options.heads()); // [b, H, L, h]
    Value ofQueries = heads(pass, q, contentHeads, relativeHeads); // [b, g, Q, h]
    Value ofValues = heads(pass, v, contentHeads, relativeHeads); // [b, g, L, h]
    Value kernel = // K(r), [b, g, Q, D + 1]
        relativeKernel.compare(pass, ofQueries, pass.value(rpe));
    Value ofPixels = pass.apply(ofValues, all -> pixels(pass, all)); // [b, g, p, h]
    Map<String, Value> byDistance = new HashMap<>(Map.of("kernel", kernel, "values", ofValues));
    if (queries == Queries.ALL) {
      Value near = pass.apply(kernel, all -> pixels(pass, near(pass.tf(), all)));
      byDistance.put("aroundPixels", rings.weightedSum(pass, near, ofPixels));
    }
    byDistance.put("aroundClassToken", rings.aroundClassToken(pass, ofPixels));
    Value attended = // [b, g, Q, h]
        pass.apply(byDistance, in -> attendByDistance(pass.tf(), in));
    if (contentHeads > 0) {
      Value k = // [b, H - g, L, h]
          Heads.split(pass, key.orElseThrow().apply(pass, x), contentHeads);
      Value byContent = // [b, H - g, Q, h]
          contentKernel
              .orElseThrow()
              .attend(pass, heads(pass, q, 0, contentHeads), k, heads(pass, v, 0, contentHeads));
      attended =
          pass.apply(
              byContent,
              attended,
              (a, b) -> pass.tf().concat(List.of(a, b), pass.tf().constant(1)));
    }
    return dropout.apply(pass, output.apply(pass, Heads.merge(pass, attended)));
  }

  /**
   * The heads with positions.
   *
   * @param in kernel, K(r) [b, g, Q, D + 1]; values [b, g, L, h]; aroundClassToken, its ring sums
   *     [b, g, R, h]; and, if all tokens are queries, aroundPixels, weighted ring sums [b, g, p, h]
   * @return [b, g, Q, h]
   */
  private Operand<TFloat32> attendByDistance(Ops tf, Inputs in) {
    Operand<TFloat32> kernel = in.get("kernel");
    Operand<TFloat32> v = in.get("values");
    Operand<TFloat32> near = near(tf, kernel); // [b, g, Q, R]
    Operand<TFloat32> far = lastAxis(tf, kernel, clippingDist, 1); // [b, g, Q, 1]
    boolean ofAll = in.has("aroundPixels");

    Operand<TFloat32> nearClassToken = // [b, g, 1, h]
        Products.batched(
            tf,
            tokens(tf, near, near.shape().get(2) - 1, 1),
            in.get("aroundClassToken"),
            false,
            false);
    Operand<TFloat32> nearSum = // [b, g, Q, h]
        ofAll
            ? tf.concat(List.of(in.get("aroundPixels"), nearClassToken), tf.constant(2))
            : nearClassToken;
    Operand<TFloat32> nearCount = // [b, g, Q, 1]
        tf.sum(tf.math.mul(near, ringCounts(tf, ofAll)), Dims.of(tf, 3), Sum.keepDims(true));
    Operand<TFloat32> all =
        tf.sum(v, Dims.of(tf, 2), Sum.keepDims(true)); // sum_j v_j, [b, g, 1, h]
    Operand<TFloat32> tokens = tf.constant((float) v.shape().get(2));

    return tf.math.div(
        tf.math.add(nearSum, tf.math.mul(far, all)),
        tf.math.add(nearCount, tf.math.mul(far, tokens)));
  }

  /** K(r) - K(D) for the radii that have pixels, [b, g, Q, R]. */
  private Operand<TFloat32> near(Ops tf, Operand<TFloat32> kernel) {
    return tf.math.sub(
        lastAxis(tf, kernel, 0, rings.rings()), lastAxis(tf, kernel, clippingDist, 1));
  }

  /** All tokens but the class token. */
  private Operand<TFloat32> pixels(Pass pass, Operand<TFloat32> all) {
    return tokens(pass.tf(), all, 0, all.shape().get(2) - 1);
  }

  private Operand<TFloat32> tokens(Ops tf, Operand<TFloat32> all, long first, long count) {
    return tf.slice(
        all,
        Dims.of(tf, 0, 0, first, 0),
        Dims.of(tf, -1, relativeHeads, count, all.shape().get(3)));
  }

  /** Pixels in each ring of each query, [Q, R]. */
  private Operand<TFloat32> ringCounts(Ops tf, boolean ofAll) {
    return ofAll
        ? tf.concat(List.of(rings.pixelCounts(tf), rings.classTokenCounts(tf)), tf.constant(0))
        : rings.classTokenCounts(tf);
  }

  /** {@code count} heads from {@code first} on. */
  private static Value heads(Pass pass, Value x, int first, int count) {
    Ops tf = pass.tf();
    return pass.apply(
        x,
        all ->
            tf.slice(
                all,
                Dims.of(tf, 0, first, 0, 0),
                Dims.of(tf, -1, count, all.shape().get(2), all.shape().get(3))));
  }

  private Operand<TFloat32> lastAxis(Ops tf, Operand<TFloat32> x, int first, int count) {
    return tf.slice(
        x, Dims.of(tf, 0, 0, 0, first), Dims.of(tf, -1, relativeHeads, x.shape().get(2), count));
  }
}
