package org.imageperformer.tfmodels.models;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model from pixels to logits (models.md section 1). */
public sealed interface ImageModel
    permits Performer, NoposPerformer, RelativePerformer, ClippedRelativePerformer {

  /** Creates the model's layers, and with them its weights. */
  static ImageModel create(Weights weights, ModelConfig config) {
    return switch (config.kind()) {
      case PERFORMER -> new Performer(weights, config);
      case NOPOS_PERFORMER -> new NoposPerformer(weights, config);
      case RELATIVE_PERFORMER -> new RelativePerformer(weights, config);
      case CLIPPED_RELATIVE_PERFORMER -> new ClippedRelativePerformer(weights, config);
    };
  }

  /**
   * Adds the model to a graph, with pixels at their own positions.
   *
   * @param pixels [batch, height, width, channels], scaled; the integers 0..255 for a lookup
   * @return logits [batch, classes]
   */
  default Value logits(Pass pass, Operand<TFloat32> pixels) {
    long height = pixels.shape().get(1);
    long width = pixels.shape().get(2);
    return logits(pass, pixels, PixelGrid.coordinates(pass.tf(), (int) height, (int) width));
  }

  /**
   * Adds the model to a graph, with pixels at other positions: for experiments with shifts.
   *
   * @param pixels [batch, height, width, channels]
   * @param coordinates [height * width, 2], row and column of each pixel. Models without
   *     coordinates (NoposPerformer, and ClippedRelativePerformer, which knows distances alone)
   *     ignore them.
   * @return logits [batch, classes]
   */
  Value logits(Pass pass, Operand<TFloat32> pixels, Operand<TFloat32> coordinates);
}
