package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.attention.AttentionOptions;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.Queries;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.FeedForward;
import org.imageperformer.tfmodels.layers.LayerNorm;
import org.imageperformer.tfmodels.layers.LinearEmbedding;
import org.imageperformer.tfmodels.layers.LookupEmbedding;
import org.imageperformer.tfmodels.layers.MlpEmbedding;
import org.imageperformer.tfmodels.layers.PixelEmbedding;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What the four models share (models.md sections 1 and 2): pixel embedding, class token, blocks of
 * attention and feed-forward, and the classifier.
 */
final class Transformer {

  private final ModelConfig config;
  private final ClassToken classToken;
  private final PixelEmbedding embedding;
  private final Weight classQuery;
  private final List<LayerNorm> attentionNorms = new ArrayList<>();
  private final List<FeedForward> feedForwards = new ArrayList<>();
  private final Dense output;

  /**
   * Creates all weights but those of the attention layers.
   *
   * @param classToken where it stands
   */
  Transformer(Weights weights, ModelConfig config, ClassToken classToken) {
    this.config = config;
    this.classToken = classToken;
    this.embedding =
        switch (config.embeddingType()) {
          case LINEAR -> new LinearEmbedding(weights, "embedding", config.channels(), config.dim());
          case MLP -> new MlpEmbedding(weights, "embedding", config.channels(), config.dim());
          case LOOKUP -> new LookupEmbedding(weights, "embedding", config.channels(), config.dim());
        };
    this.classQuery = weights.trained("class_query", Initializer.standardNormal(), config.dim());
    for (int block = 0; block < config.depth(); block++) {
      attentionNorms.add(new LayerNorm(weights, attentionName(block) + "/norm", config.dim()));
      feedForwards.add(
          new FeedForward(
              weights, "blocks/" + block + "/feed_forward", config.dim(), config.ffDropout()));
    }
    this.output = new Dense(weights, "output", config.dim(), config.numClasses());
  }

  /** Prefix of the weights of a block's attention. */
  static String attentionName(int block) {
    return "blocks/" + block + "/attention";
  }

  /** What the attention layers of all blocks have in common. */
  AttentionOptions attentionOptions() {
    return new AttentionOptions(
        config.dim(),
        config.heads(),
        config.attnDropout(),
        config.noProjection(),
        config.keyStabilizer(),
        classToken);
  }

  /**
   * Adds the pixel embedding.
   *
   * @param pixels [batch, height, width, channels]
   * @return [batch, height * width, dim]
   */
  Value embed(Pass pass, Operand<TFloat32> pixels) {
    Ops tf = pass.tf();
    long count = pixels.shape().get(1) * pixels.shape().get(2);
    Operand<TFloat32> rows = tf.reshape(pixels, Dims.of(tf, -1, count, config.channels()));
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
    for (int block = 0; block < config.depth(); block++) {
      boolean last = block == config.depth() - 1;
      Value normalized = attentionNorms.get(block).apply(pass, x);
      Value attended = attention.apply(block, normalized, last ? Queries.CLASS_TOKEN : Queries.ALL);
      if (last) {
        x = pass.apply(x, tokens -> classToken.of(pass.tf(), tokens)); // [batch, 1, dim]
      }
      x = pass.add(x, attended);
      x = pass.add(x, feedForwards.get(block).apply(pass, x)); // which normalizes its input itself
    }
    return pass.apply(
        output.apply(pass, x),
        token -> pass.tf().reshape(token, Dims.of(pass.tf(), -1, config.numClasses())));
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
