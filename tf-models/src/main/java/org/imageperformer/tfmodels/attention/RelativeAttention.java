package org.imageperformer.tfmodels.attention;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.tfmodels.encoding.PairRotation;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Dropout;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/**
 * Attention that knows relative positions (models.md section 4, RelativePerformer). With the
 * encoding e_i of token i's position and R a rotation and scaling of its sin/cos pairs ({@link
 * PairRotation}), trained per head,
 *
 * <pre>query_i = [q_i ; e_i R]   key_j = [k_j ; e_j]   query_i.key_j = q_i.k_j + e_i R e_j^T</pre>
 *
 * and {@code e_i R e_j^T} depends on the difference of the positions alone. With {@code
 * content_rel_attn} a second rotation, computed from the token itself, sits between the two parts.
 *
 * <p>Axes: b batch, L tokens, Q queries (L or 1), d features, H heads, h = d / H, S pairs of the
 * encoding.
 */
public final class RelativeAttention {

  private final AttentionOptions options;
  private final Dense query;
  private final PairRotation rotation;
  private final Optional<Dense> contentRotation;
  private final Dense key;
  private final Dense value;
  private final AttentionKernel kernel;
  private final Dense output;
  private final Dropout dropout;

  /**
   * Creates the weights {@code name/relative_query, rotation, content_rotation, relative_key,
   * value, output} and the projection. relative_query and relative_key are the affine maps of the
   * content; they bear other names than {@link ContentAttention}'s because the authors' checkpoints
   * name them differently.
   *
   * @param pairs S, sin/cos pairs of the position encoding
   * @param contentRelAttn whether there is a second rotation that depends on the token
   */
  public RelativeAttention(
      Weights weights, String name, AttentionOptions options, int pairs, boolean contentRelAttn) {
    int dim = options.dim();
    int heads = options.heads();
    this.options = options;
    this.query = new Dense(weights, name + "/relative_query", dim, dim);
    this.rotation = new PairRotation(weights, name + "/rotation", heads, pairs);
    this.contentRotation =
        contentRelAttn
            ? Optional.of(new Dense(weights, name + "/content_rotation", dim, 2 * heads * pairs))
            : Optional.empty();
    this.key = new Dense(weights, name + "/relative_key", dim, dim);
    this.value = new Dense(weights, name + "/value", dim, dim);
    int width = options.headDim() + (contentRelAttn ? 4 : 2) * pairs;
    this.kernel = AttentionKernel.create(weights, name, width, options);
    this.output = new Dense(weights, name + "/output", dim, dim);
    this.dropout = new Dropout(name, options.dropout());
  }

  /**
   * Adds the layer to the graph.
   *
   * @param x [b, L, d]
   * @param encoding [L, 2 S], the same for all images; zeros for a token without a position
   * @return [b, Q, d]
   */
  public Value apply(Pass pass, Value x, Value encoding, Queries queries) {
    Value queryTokens = options.queryTokens(pass, x, queries); // [b, Q, d]
    Value content = // [b, H, Q, h]
        Heads.split(pass, query.apply(pass, queryTokens), options.heads());
    Value contentKey = // [b, H, L, h]
        Heads.split(pass, key.apply(pass, x), options.heads());
    Value own = // the encodings of the tokens used as queries, [Q, 2 S]
        pass.apply(encoding, all -> ofQueries(pass.tf(), all, queries));
    Map<String, Value> parts =
        new HashMap<>(Map.of("content", content, "rotated", rotation.apply(pass, own)));
    contentRotation.ifPresent(
        dense ->
            parts.put(
                "rotatedByContent",
                rotation.applyPerToken(pass, own, dense.apply(pass, queryTokens))));
    Value q = pass.apply(parts, in -> queryVectors(pass.tf(), in)); // [b, H, Q, w]
    Value k = // [b, H, L, w]
        pass.apply(contentKey, encoding, (c, e) -> keyVectors(pass.tf(), c, e));
    Value v = Heads.split(pass, value.apply(pass, x), options.heads()); // [b, H, L, h]
    Value attended = kernel.attend(pass, q, k, v); // [b, H, Q, h]
    return dropout.apply(pass, output.apply(pass, Heads.merge(pass, attended)));
  }

  /**
   * [content query ; content-dependent rotation ; rotation].
   *
   * @param parts content [b, H, Q, h], rotated [H, Q, 2 S] and, if there is a content-dependent
   *     rotation, rotatedByContent [b, H, Q, 2 S]
   * @return [b, H, Q, w]
   */
  private static Operand<TFloat32> queryVectors(Ops tf, Inputs parts) {
    Operand<TFloat32> content = parts.get("content");
    Operand<TFloat32> rotated = forEachImage(tf, parts.get("rotated"), content); // [b, H, Q, 2 S]
    return tf.concat(
        parts.has("rotatedByContent")
            ? List.of(content, parts.get("rotatedByContent"), rotated)
            : List.of(content, rotated),
        tf.constant(3));
  }

  /** [L, 2 S] to [Q, 2 S]. */
  private Operand<TFloat32> ofQueries(Ops tf, Operand<TFloat32> encoding, Queries queries) {
    return tf.squeeze(
        options.queryTokens(tf, tf.expandDims(encoding, tf.constant(0)), queries),
        Squeeze.axis(List.of(0L)));
  }

  /**
   * [content key ; encoding for each rotation].
   *
   * @param content [b, H, L, h]
   * @param encoding [L, 2 S]
   * @return [b, H, L, w]
   */
  private Operand<TFloat32> keyVectors(
      Ops tf, Operand<TFloat32> content, Operand<TFloat32> encoding) {
    Operand<TFloat32> unchanged = forEachHead(tf, encoding, content); // [b, H, L, 2 S]
    List<Operand<TFloat32>> parts = new ArrayList<>(List.of(content, unchanged));
    if (contentRotation.isPresent()) {
      parts.add(unchanged);
    }
    return tf.concat(parts, tf.constant(3));
  }

  /** [H, Q, 2 S] to [b, H, Q, 2 S], with b of {@code like}. */
  private static Operand<TFloat32> forEachImage(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> like) {
    return tf.math.add(tf.expandDims(x, tf.constant(0)), zeros(tf, like));
  }

  /** [L, 2 S] to [b, H, L, 2 S], with b and H of {@code like}. */
  private static Operand<TFloat32> forEachHead(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> like) {
    Operand<TFloat32> one = tf.expandDims(tf.expandDims(x, tf.constant(0)), tf.constant(0));
    return tf.math.add(one, zeros(tf, like));
  }

  /** Zeros [b, H, 1, 1] with b and H of x: adding them repeats the other operand. */
  private static Operand<TFloat32> zeros(Ops tf, Operand<TFloat32> x) {
    long heads = x.shape().get(1);
    return tf.zerosLike(
        tf.slice(tf.stopGradient(x), Dims.of(tf, 0, 0, 0, 0), Dims.of(tf, -1, heads, 1, 1)));
  }
}
