package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.ContentAttention;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;

/** No positions: a bag of pixels, the baseline (models.md section 4). */
public final class NoposPerformer implements ImageModel {

  private final Transformer transformer;
  private final List<ContentAttention> attention = new ArrayList<>();

  NoposPerformer(Weights weights, ImageShape shape, int classes, Options options) {
    this.transformer = new Transformer(weights, shape, classes, options, ClassToken.FIRST);
    for (int block = 0; block < options.get(DEPTH); block++) {
      attention.add(
          new ContentAttention(
              weights, Transformer.attentionName(block), transformer.attentionOptions()));
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
