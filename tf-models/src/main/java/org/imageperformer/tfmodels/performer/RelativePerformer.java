package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.performer.PerformerOptions.CONTENT_REL_ATTN;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.MAX_POS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.POS_SCALES;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.RelativeAttention;
import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.PixelGrid;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Relative positions, strategy 1: {@code LearnableSinusoid(2 pos_scales, 2 max_pos)} of row and
 * column enters queries, rotated, and keys of every block, and never the content (models.md section
 * 4). The class token's encoding is all zeros.
 */
public final class RelativePerformer implements ImageModel {

  private final ImageShape shape;
  private final Transformer transformer;
  private final LearnableSinusoid positions;
  private final List<RelativeAttention> attention = new ArrayList<>();

  RelativePerformer(Weights weights, ImageShape shape, int classes, Options options) {
    this.shape = shape;
    this.transformer = new Transformer(weights, shape, classes, options, ClassToken.FIRST);
    this.positions =
        new LearnableSinusoid(
            weights, "positions", 2 * options.get(POS_SCALES), 2.0 * options.get(MAX_POS));
    int pairs = 2 * options.get(POS_SCALES); // of both coordinates
    for (int block = 0; block < options.get(DEPTH); block++) {
      attention.add(
          new RelativeAttention(
              weights,
              Transformer.attentionName(block),
              transformer.attentionOptions(),
              pairs,
              options.get(CONTENT_REL_ATTN)));
    }
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    return logits(pass, pixels, PixelGrid.coordinates(pass, shape.height(), shape.width()));
  }

  @Override
  public Value logits(Pass pass, Value pixels, Value coordinates) {
    Value encoding = // [tokens, 4 pos_scales]
        pass.apply(
            positions.encode(pass, coordinates), ofPixels -> withClassToken(pass.tf(), ofPixels));
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

  @Override
  public Traits traits() {
    return transformer.traits();
  }

  @Override
  public Cost cost() {
    return transformer.cost(attention.get(0)::operations);
  }
}
