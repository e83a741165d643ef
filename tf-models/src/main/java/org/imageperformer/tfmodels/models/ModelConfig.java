package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.layers.EmbeddingType;

/**
 * Everything that defines the function a model computes. Options that a model does not have keep
 * their defaults and are ignored by it.
 *
 * @param kind which of the four models
 * @param height image height in pixels
 * @param width image width in pixels
 * @param channels values per pixel ({@code in_features})
 * @param numClasses logits per image
 * @param embeddingType how a pixel becomes a vector
 * @param dim features of a token
 * @param depth number of blocks
 * @param heads attention heads; divides {@code dim}
 * @param attnDropout dropout after attention, in [0, 1)
 * @param ffDropout dropout inside the feed-forward, in [0, 1)
 * @param noProjection the exact exponential kernel instead of random features
 * @param keyStabilizer over which keys the maximum is taken
 * @param maxPos largest image side the initial frequencies are laid out for
 * @param posScales RelativePerformer: frequencies of the position encoding
 * @param contentRelAttn RelativePerformer: a second, content-dependent rotation
 * @param clippingDist ClippedRelativePerformer: distances from here on share one embedding
 * @param classTokenPosition ClippedRelativePerformer: where the class token stands as a query
 */
public record ModelConfig(
    ModelKind kind,
    int height,
    int width,
    int channels,
    int numClasses,
    EmbeddingType embeddingType,
    int dim,
    int depth,
    int heads,
    double attnDropout,
    double ffDropout,
    boolean noProjection,
    KeyStabilizer keyStabilizer,
    int maxPos,
    int posScales,
    boolean contentRelAttn,
    int clippingDist,
    ClassTokenPosition classTokenPosition) {

  /**
   * @throws IllegalArgumentException naming every problem at once
   */
  public ModelConfig {
    List<String> problems = new ArrayList<>();
    atLeast(problems, "image height", height, 1);
    atLeast(problems, "image width", width, 1);
    atLeast(problems, "in_features", channels, 1);
    atLeast(problems, "num_classes", numClasses, 2);
    atLeast(problems, "dim", dim, 1);
    atLeast(problems, "depth", depth, 1);
    atLeast(problems, "heads", heads, 1);
    atLeast(problems, "max_pos", maxPos, 1);
    if (dim >= 1 && heads >= 1 && dim % heads != 0) {
      problems.add("heads " + heads + " does not divide dim " + dim);
    } else if (dim >= 1 && heads >= 1 && dim / heads < 2 && !noProjection && needsWideHeads()) {
      problems.add(
          "dim / heads is " + dim / heads + ": random features need heads of at least 2 features");
    }
    dropout(problems, "attn_dropout", attnDropout);
    dropout(problems, "ff_dropout", ffDropout);
    if (embeddingType == EmbeddingType.LOOKUP && channels >= 1 && dim % channels != 0) {
      problems.add(
          "embedding_type lookup needs dim divisible by the channels: dim is "
              + dim
              + ", channels are "
              + channels);
    }
    switch (kind) {
      case PERFORMER -> {
        if (dim % 4 != 0) {
          problems.add("dim " + dim + " is not divisible by 4, as sines and cosines of two axes");
        }
      }
      case NOPOS_PERFORMER -> {}
      case RELATIVE_PERFORMER -> atLeast(problems, "pos_scales", posScales, 1);
      case CLIPPED_RELATIVE_PERFORMER -> atLeast(problems, "clipping_dist", clippingDist, 1);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** Features of one head. */
  public int headDim() {
    return dim / heads;
  }

  /** Tokens of an image: its pixels and the class token. */
  public int tokens() {
    return height * width + 1;
  }

  private static void atLeast(List<String> problems, String name, int value, int least) {
    if (value < least) {
      problems.add(name + " is " + value + ", must be at least " + least);
    }
  }

  /** RelativePerformer's queries and keys are wider than its heads. */
  private boolean needsWideHeads() {
    return kind != ModelKind.RELATIVE_PERFORMER;
  }

  private static void dropout(List<String> problems, String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      problems.add(name + " is " + rate + ", must be in [0, 1)");
    }
  }
}
