package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.ContentAttention;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** No positions: a bag of pixels, the baseline (models.md section 4). */
public final class NoposPerformer implements ImageModel {

  private final Transformer transformer;
  private final List<ContentAttention> attention = new ArrayList<>();

  NoposPerformer(Weights weights, ModelConfig config) {
    this.transformer = new Transformer(weights, config, ClassToken.FIRST);
    for (int block = 0; block < config.depth(); block++) {
      attention.add(
          new ContentAttention(
              weights, Transformer.attentionName(block), transformer.attentionOptions()));
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
