package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.MAX_POS;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.ContentAttention;
import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.PixelGrid;
import org.imageperformer.tfmodels.models.Traits;

/**
 * Absolute positions: {@code LearnableSinusoid(dim / 2, 1000 max_pos)} of row and column, added to
 * the pixel embeddings once (models.md section 4).
 */
public final class Performer implements ImageModel {

  private final ImageShape shape;
  private final Transformer transformer;
  private final LearnableSinusoid positions;
  private final List<ContentAttention> attention = new ArrayList<>();

  Performer(Weights weights, ImageShape shape, int classes, Options options) {
    this.shape = shape;
    this.transformer = new Transformer(weights, shape, classes, options, ClassToken.FIRST);
    this.positions =
        new LearnableSinusoid(
            weights, "positions", options.get(DIM) / 2, 1000.0 * options.get(MAX_POS));
    for (int block = 0; block < options.get(DEPTH); block++) {
      attention.add(
          new ContentAttention(
              weights, Transformer.attentionName(block), transformer.attentionOptions()));
    }
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    return logits(pass, pixels, PixelGrid.coordinates(pass, shape.height(), shape.width()));
  }

  @Override
  public Value logits(Pass pass, Value pixels, Value coordinates) {
    Value embedded = transformer.embed(pass, pixels);
    Value encoding = positions.encode(pass, coordinates); // [pixels, dim]
    Value placed = pass.apply(embedded, encoding, (x, e) -> pass.tf().math.add(x, e));
    return transformer.classify(
        pass, placed, (block, x, queries) -> attention.get(block).apply(pass, x, queries));
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
