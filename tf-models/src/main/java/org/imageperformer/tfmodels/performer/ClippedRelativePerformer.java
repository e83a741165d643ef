package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.performer.PerformerOptions.CLASS_TOKEN_POSITION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLIPPING_DIST;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.ClippedRelativeAttention;
import org.imageperformer.tfmodels.attention.ManhattanRings;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;

/**
 * Relative positions, strategy 2: clipped Manhattan distances in half of the heads (models.md
 * section 4). The class token is the last token.
 */
public final class ClippedRelativePerformer implements ImageModel {

  private final Transformer transformer;
  private final List<ClippedRelativeAttention> attention = new ArrayList<>();

  ClippedRelativePerformer(Weights weights, ImageShape shape, int classes, Options options) {
    this.transformer = new Transformer(weights, shape, classes, options, ClassToken.LAST);
    int clippingDist = options.get(CLIPPING_DIST);
    ManhattanRings rings =
        new ManhattanRings(
            shape.height(), shape.width(), clippingDist, options.get(CLASS_TOKEN_POSITION));
    for (int block = 0; block < options.get(DEPTH); block++) {
      attention.add(
          new ClippedRelativeAttention(
              weights,
              Transformer.attentionName(block),
              transformer.attentionOptions(),
              clippingDist,
              rings));
    }
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    return transformer.classify(
        pass,
        transformer.embed(pass, pixels),
        (block, x, queries) -> attention.get(block).apply(pass, x, queries));
  }

  @Override
  public Traits traits() {
    return transformer.traits();
  }

  @Override
  public Cost cost() {
    return transformer.cost(attention.get(0)::operations);
  }
}
