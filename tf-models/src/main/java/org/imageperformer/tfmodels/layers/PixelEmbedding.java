package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;

/** From pixels to vectors (models.md section 1). */
public sealed interface PixelEmbedding permits LinearEmbedding, MlpEmbedding, LookupEmbedding {

  /**
   * Adds the embedding to the graph.
   *
   * @param pixels [batch, pixels, channels]: scaled values, or the integers 0..255 for a lookup
   * @return [batch, pixels, dim]
   */
  Value apply(Pass pass, Value pixels);
}
