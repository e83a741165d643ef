package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.ClippedRelativeAttention;
import org.imageperformer.tfmodels.attention.ManhattanRings;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Relative positions, strategy 2: clipped Manhattan distances in half of the heads (models.md
 * section 4). The class token is the last token.
 */
public final class ClippedRelativePerformer implements ImageModel {

  private final Transformer transformer;
  private final List<ClippedRelativeAttention> attention = new ArrayList<>();

  ClippedRelativePerformer(Weights weights, ModelConfig config) {
    this.transformer = new Transformer(weights, config, ClassToken.LAST);
    ManhattanRings rings =
        new ManhattanRings(
            config.height(), config.width(), config.clippingDist(), config.classTokenPosition());
    for (int block = 0; block < config.depth(); block++) {
      attention.add(
          new ClippedRelativeAttention(
              weights,
              Transformer.attentionName(block),
              transformer.attentionOptions(),
              config.clippingDist(),
              rings));
    }
  }

  @Override
  public Value logits(Pass pass, Operand<TFloat32> pixels, Operand<TFloat32> coordinates) {
    return transformer.classify(
        pass,
        transformer.embed(pass, pixels),
        (block, x, queries) -> attention.get(block).apply(pass, x, queries));
  }
}
