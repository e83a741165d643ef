package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.models.Cost.MULTIPLY_ADD;
import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EMBEDDING_TYPE;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_REDRAW_INTERVAL;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.KEY_STABILIZER;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.AttentionOptions;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.Queries;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.layers.FeedForward;
import org.imageperformer.tfmodels.layers.LayerNorm;
import org.imageperformer.tfmodels.layers.PixelEmbedding;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.Cost.Part;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What the four models share (models.md sections 1 and 2): pixel embedding, class token, blocks of
 * attention and feed-forward, and the classifier.
 */
final class Transformer {

  private final ImageShape shape;
  private final int classes;
  private final Options options;
  private final ClassToken classToken;
  private final PixelEmbedding embedding;
  private final Weight classQuery;
  private final List<LayerNorm> attentionNorms = new ArrayList<>();
  private final List<FeedForward> feedForwards = new ArrayList<>();
  private final Dense output;

  /**
   * Creates all weights but those of the attention layers.
   *
   * @param options of the family; shared by all four models
   * @param classToken where it stands
   */
  Transformer(
      Weights weights, ImageShape shape, int classes, Options options, ClassToken classToken) {
    this.shape = shape;
    this.classes = classes;
    this.options = options;
    this.classToken = classToken;
    int dim = options.get(DIM);
    this.embedding =
        PixelEmbedding.create(
            options.get(EMBEDDING_TYPE), weights, "embedding", shape.channels(), dim);
    this.classQuery = weights.trained("class_query", Initializer.standardNormal(), dim);
    for (int block = 0; block < options.get(DEPTH); block++) {
      attentionNorms.add(new LayerNorm(weights, attentionName(block) + "/norm", dim));
      feedForwards.add(
          new FeedForward(weights, feedForwardName(block), dim, options.get(FF_DROPOUT)));
    }
    this.output = new Dense(weights, "output", dim, classes);
  }

  /** Prefix of the weights of a block's attention. */
  static String attentionName(int block) {
    return "blocks/" + block + "/attention";
  }

  private static String feedForwardName(int block) {
    return "blocks/" + block + "/feed_forward";
  }

  /** What the attention layers of all blocks have in common. */
  AttentionOptions attentionOptions() {
    return new AttentionOptions(
        options.get(DIM),
        options.get(HEADS),
        options.get(ATTN_DROPOUT),
        options.get(NO_PROJECTION),
        options.get(KEY_STABILIZER),
        classToken);
  }

  /** Traits of a model of this kind. */
  Traits traits() {
    boolean features = !options.get(NO_PROJECTION);
    return new Traits(
        options.get(KEY_STABILIZER) == KeyStabilizer.BATCH
            ? Optional.of("key_stabilizer batch")
            : Optional.empty(),
        options.get(EMBEDDING_TYPE) == EmbeddingType.LOOKUP,
        features ? options.get(FEATURE_REDRAW_INTERVAL) : 0);
  }

  /**
   * The parts of a model of this kind.
   *
   * @param attention work of one attention layer in floating-point operations, for this number of
   *     tokens and of queries
   */
  Cost cost(LongBinaryOperator attention) {
    long tokens = shape.pixels() + 1L;
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part("embedding", "embedding", MULTIPLY_ADD * embedding.multiplyAdds(shape.pixels())));
    parts.add(new Part("positions"));
    parts.add(new Part("class_query"));
    for (int block = 0; block < feedForwards.size(); block++) {
      long queries = block == feedForwards.size() - 1 ? 1 : tokens;
      parts.add(
          new Part(
              "block " + block + " attention",
              attentionName(block),
              attention.applyAsLong(tokens, queries)));
      parts.add(
          new Part(
              "block " + block + " feed-forward",
              feedForwardName(block),
              MULTIPLY_ADD * feedForwards.get(block).multiplyAdds(queries)));
    }
    parts.add(new Part("output", "output", MULTIPLY_ADD * output.multiplyAdds(1)));
    return new Cost(parts);
  }

  /**
   * Adds the pixel embedding.
   *
   * @param pixels [batch, height, width, channels]
   * @return [batch, height * width, dim]
   */
  Value embed(Pass pass, Value pixels) {
    Ops tf = pass.tf();
    Operand<TFloat32> rows =
        tf.reshape(pixels.operand(), Dims.of(tf, -1, shape.pixels(), shape.channels()));
    return embedding.apply(pass, pass.constant(rows));
  }

  /**
   * Adds the class token, the blocks and the classifier. The last block computes the class token's
   * output alone (section 8).
   *
   * @param pixels [batch, height * width, dim], embedded
   * @return logits [batch, classes]
   */
  Value classify(Pass pass, Value pixels, BlockAttention attention) {
    Value x = pass.apply(pixels, embedded -> withClassToken(pass, embedded));
    for (int block = 0; block < feedForwards.size(); block++) {
      boolean last = block == feedForwards.size() - 1;
      Value normalized = attentionNorms.get(block).apply(pass, x);
      Value attended = attention.apply(block, normalized, last ? Queries.CLASS_TOKEN : Queries.ALL);
      if (last) {
        x = pass.apply(x, tokens -> classToken.of(pass.tf(), tokens)); // [batch, 1, dim]
      }
      x = pass.add(x, attended);
      x = pass.add(x, feedForwards.get(block).apply(pass, x)); // which normalizes its input itself
    }
    return pass.apply(
        output.apply(pass, x), token -> pass.tf().reshape(token, Dims.of(pass.tf(), -1, classes)));
  }

  /** [batch, pixels, dim] to [batch, pixels + 1, dim]. */
  private Operand<TFloat32> withClassToken(Pass pass, Operand<TFloat32> pixels) {
    Ops tf = pass.tf();
    Operand<TFloat32> noToken =
        tf.zerosLike(tf.stopGradient(classToken.of(tf, pixels))); // [batch, 1, dim]
    Operand<TFloat32> token = tf.math.add(noToken, pass.read(classQuery));
    return switch (classToken) {
      case FIRST -> tf.concat(List.of(token, pixels), tf.constant(1));
      case LAST -> tf.concat(List.of(pixels, token), tf.constant(1));
    };
  }
}
