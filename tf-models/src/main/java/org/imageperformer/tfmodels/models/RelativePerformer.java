package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.RelativeAttention;
import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Relative positions, strategy 1: {@code LearnableSinusoid(2 pos_scales, 2 max_pos)} of row and
 * column enters queries, rotated, and keys of every block, and never the content (models.md section
 * 4). The class token's encoding is all zeros.
 */
public final class RelativePerformer implements ImageModel {

  private final Transformer transformer;
  private final LearnableSinusoid positions;
  private final List<RelativeAttention> attention = new ArrayList<>();

  RelativePerformer(Weights weights, ModelConfig config) {
    this.transformer = new Transformer(weights, config, ClassToken.FIRST);
    this.positions =
        new LearnableSinusoid(weights, "positions", 2 * config.posScales(), 2.0 * config.maxPos());
    int pairs = 2 * config.posScales(); // of both coordinates
    for (int block = 0; block < config.depth(); block++) {
      attention.add(
          new RelativeAttention(
              weights,
              Transformer.attentionName(block),
              transformer.attentionOptions(),
              pairs,
              config.contentRelAttn()));
    }
  }

  @Override
  public Value logits(Pass pass, Operand<TFloat32> pixels, Operand<TFloat32> coordinates) {
    Value encoding = // [tokens, 4 pos_scales]
        pass.apply(
            positions.encode(pass, pass.constant(coordinates)),
            ofPixels -> withClassToken(pass.tf(), ofPixels));
    return transformer.classify(
        pass,
        transformer.embed(pass, pixels),
        (block, x, queries) -> attention.get(block).apply(pass, x, encoding, queries));
  }

  /** The pixels' encodings after the class token's zeros. */
  private static Operand<TFloat32> withClassToken(Ops tf, Operand<TFloat32> ofPixels) {
    Operand<TFloat32> ofClassToken =
        tf.fill(Dims.of(tf, 1, ofPixels.shape().get(1)), tf.constant(0f));
    return tf.concat(List.of(ofClassToken, ofPixels), tf.constant(0));
  }
}
