package org.imageperformer.tfmodels.performer;

import org.imageperformer.options.Option;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelSpec;

/** Performers for tests; every size is different from every other. */
final class Specs {
  private Specs() {}

  /** 5 x 7 pixels, 3 classes, dim 12, depth 2, 2 heads, no dropout. */
  static ModelSpec tiny(String model) {
    ModelSpec spec =
        ModelSpec.of(model, new ImageShape(5, 7, 1), 3)
            .with(PerformerOptions.DIM, 12)
            .with(PerformerOptions.DEPTH, 2)
            .with(PerformerOptions.HEADS, 2)
            .with(PerformerOptions.ATTN_DROPOUT, 0.0)
            .with(PerformerOptions.FF_DROPOUT, 0.0);
    return ifThere(
        ifThere(spec, PerformerOptions.POS_SCALES, 2), PerformerOptions.CLIPPING_DIST, 3);
  }

  /** With the value of an option that not all of the models have. */
  static <T> ModelSpec ifThere(ModelSpec spec, Option<T> option, T value) {
    return spec.options().set().has(option) ? spec.with(option, value) : spec;
  }

  static ModelSpec exact(ModelSpec spec) {
    return spec.with(PerformerOptions.NO_PROJECTION, true);
  }

  static ModelSpec embedding(ModelSpec spec, EmbeddingType type, int channels) {
    return spec.with(new ImageShape(spec.shape().height(), spec.shape().width(), channels))
        .with(PerformerOptions.EMBEDDING_TYPE, type);
  }

  static ModelSpec clipping(ModelSpec spec, int distance, ClassTokenPosition position) {
    return spec.with(PerformerOptions.CLIPPING_DIST, distance)
        .with(PerformerOptions.CLASS_TOKEN_POSITION, position);
  }
}
