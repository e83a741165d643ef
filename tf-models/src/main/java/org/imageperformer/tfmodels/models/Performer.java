package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.ContentAttention;
import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Absolute positions: {@code LearnableSinusoid(dim / 2, 1000 max_pos)} of row and column, added to
 * the pixel embeddings once (models.md section 4).
 */
public final class Performer implements ImageModel {

  private final Transformer transformer;
  private final LearnableSinusoid positions;
  private final List<ContentAttention> attention = new ArrayList<>();

  Performer(Weights weights, ModelConfig config) {
    this.transformer = new Transformer(weights, config, ClassToken.FIRST);
    this.positions =
        new LearnableSinusoid(weights, "positions", config.dim() / 2, 1000.0 * config.maxPos());
    for (int block = 0; block < config.depth(); block++) {
      attention.add(
          new ContentAttention(
              weights, Transformer.attentionName(block), transformer.attentionOptions()));
    }
  }

  @Override
  public Value logits(Pass pass, Operand<TFloat32> pixels, Operand<TFloat32> coordinates) {
    Value embedded = transformer.embed(pass, pixels);
    Value encoding = positions.encode(pass, pass.constant(coordinates)); // [pixels, dim]
    Value placed = pass.apply(embedded, encoding, (x, e) -> pass.tf().math.add(x, e));
    return transformer.classify(
        pass, placed, (block, x, queries) -> attention.get(block).apply(pass, x, queries));
  }
}
