package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;

/** From pixels to vectors (models.md section 1). */
public sealed interface PixelEmbedding permits LinearEmbedding, MlpEmbedding, LookupEmbedding {

  /**
   * Adds the embedding to the graph.
   *
   * @param pixels [batch, pixels, channels]: scaled values, or the integers 0..255 for a lookup
   * @return [batch, pixels, dim]
   */
  Value apply(Pass pass, Value pixels);

  /** Work on so many pixels. */
  long multiplyAdds(long pixels);

  /**
   * Creates the embedding of a type and its weights.
   *
   * @param channels values per pixel
   * @param dim features of a token
   */
  static PixelEmbedding create(
      EmbeddingType type, Weights weights, String name, int channels, int dim) {
    return switch (type) {
      case LINEAR -> new LinearEmbedding(weights, name, channels, dim);
      case MLP -> new MlpEmbedding(weights, name, channels, dim);
      case LOOKUP -> new LookupEmbedding(weights, name, channels, dim);
    };
  }
}
