package org.imageperformer.tfmodels.models;

import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.layers.EmbeddingType;

/** Hyperparameters for tests; every size is different from every other. */
final class Configs {

  private Configs() {}

  /** 5 x 7 pixels, 3 classes, dim 12, depth 2, 2 heads, no dropout. */
  static ModelConfig tiny(ModelKind kind) {
    return new ModelConfig(
        kind,
        5,
        7,
        1,
        3,
        EmbeddingType.LINEAR,
        12,
        2,
        2,
        0,
        0,
        false,
        KeyStabilizer.EXAMPLE,
        32,
        2,
        false,
        3,
        ClassTokenPosition.CORNER);
  }

  /** The sizes of models.md section 7. */
  static ModelConfig sized(ModelKind kind, int dim, int depth, int heads, int clippingDist) {
    return new ModelConfig(
        kind,
        32,
        32,
        1,
        10,
        EmbeddingType.LINEAR,
        dim,
        depth,
        heads,
        0.1,
        0.1,
        false,
        KeyStabilizer.EXAMPLE,
        32,
        4,
        false,
        clippingDist,
        ClassTokenPosition.CORNER);
  }

  static ModelConfig exact(ModelConfig c) {
    return with(
        c,
        c.depth(),
        c.channels(),
        c.embeddingType(),
        true,
        c.keyStabilizer(),
        c.contentRelAttn(),
        c.clippingDist(),
        c.classTokenPosition());
  }

  static ModelConfig stabilizer(ModelConfig c, KeyStabilizer stabilizer) {
    return with(
        c,
        c.depth(),
        c.channels(),
        c.embeddingType(),
        c.noProjection(),
        stabilizer,
        c.contentRelAttn(),
        c.clippingDist(),
        c.classTokenPosition());
  }

  static ModelConfig contentRelative(ModelConfig c) {
    return with(
        c,
        c.depth(),
        c.channels(),
        c.embeddingType(),
        c.noProjection(),
        c.keyStabilizer(),
        true,
        c.clippingDist(),
        c.classTokenPosition());
  }

  static ModelConfig embedding(ModelConfig c, EmbeddingType type, int channels) {
    return with(
        c,
        c.depth(),
        channels,
        type,
        c.noProjection(),
        c.keyStabilizer(),
        c.contentRelAttn(),
        c.clippingDist(),
        c.classTokenPosition());
  }

  static ModelConfig depth(ModelConfig c, int depth) {
    return with(
        c,
        depth,
        c.channels(),
        c.embeddingType(),
        c.noProjection(),
        c.keyStabilizer(),
        c.contentRelAttn(),
        c.clippingDist(),
        c.classTokenPosition());
  }

  static ModelConfig clipping(ModelConfig c, int distance, ClassTokenPosition position) {
    return with(
        c,
        c.depth(),
        c.channels(),
        c.embeddingType(),
        c.noProjection(),
        c.keyStabilizer(),
        c.contentRelAttn(),
        distance,
        position);
  }

  static ModelConfig sides(ModelConfig c, int height, int width) {
    return new ModelConfig(
        c.kind(),
        height,
        width,
        c.channels(),
        c.numClasses(),
        c.embeddingType(),
        c.dim(),
        c.depth(),
        c.heads(),
        c.attnDropout(),
        c.ffDropout(),
        c.noProjection(),
        c.keyStabilizer(),
        c.maxPos(),
        c.posScales(),
        c.contentRelAttn(),
        c.clippingDist(),
        c.classTokenPosition());
  }

  private static ModelConfig with(
      ModelConfig c,
      int depth,
      int channels,
      EmbeddingType type,
      boolean exact,
      KeyStabilizer stabilizer,
      boolean contentRelAttn,
      int clippingDist,
      ClassTokenPosition position) {
    return new ModelConfig(
        c.kind(),
        c.height(),
        c.width(),
        channels,
        c.numClasses(),
        type,
        c.dim(),
        depth,
        c.heads(),
        c.attnDropout(),
        c.ffDropout(),
        exact,
        stabilizer,
        c.maxPos(),
        c.posScales(),
        contentRelAttn,
        clippingDist,
        position);
  }
}
