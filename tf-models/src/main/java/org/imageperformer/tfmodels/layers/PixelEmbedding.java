package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** From pixels to vectors (models.md section 1). */
public sealed interface PixelEmbedding permits LinearEmbedding, MlpEmbedding, LookupEmbedding {

  /**
   * Adds the embedding to the graph.
   *
   * @param pixels [batch, pixels, channels]: scaled values, or the integers 0..255 for a lookup
   * @return [batch, pixels, dim]
   */
  Operand<TFloat32> apply(Pass pass, Operand<TFloat32> pixels);
}
