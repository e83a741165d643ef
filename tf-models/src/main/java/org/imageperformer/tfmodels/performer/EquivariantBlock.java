package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.models.Cost.MULTIPLY_ADD;
import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EDGES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.LOCAL;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.WaveAttention;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.FeedForward;
import org.imageperformer.tfmodels.layers.LayerNorm;
import org.imageperformer.tfmodels.layers.LocalConvolution;
import org.imageperformer.tfmodels.models.Cost.Part;
import org.imageperformer.tfmodels.models.ImageShape;

/**
 * A block of {@link EquivariantPerformer}: local convolution of the pixels, attention among them
 * and of the class token to them, feed-forward.
 *
 * @param local empty for none
 * @param norm before the attention, of pixels and class token
 * @param attention with pixels, or of the class token alone
 * @param feedForward of the pixels
 * @param classFeedForward the same weights for the class token
 */
record EquivariantBlock(
    Optional<LocalConvolution> local,
    LayerNorm norm,
    WaveAttention attention,
    FeedForward feedForward,
    FeedForward classFeedForward) {

  /**
   * The states between blocks.
   *
   * @param pixels [batch, height * width, dim]
   * @param classToken [batch, 1, dim]
   */
  record Tokens(Value pixels, Value classToken) {}

  /**
   * Creates the weights {@code name/local, attention, feed_forward}.
   *
   * @param angles of the pixels; empty in the last block, whose pixels nobody reads
   */
  static EquivariantBlock create(
      Weights weights,
      String name,
      ImageShape shape,
      Options options,
      Optional<List<double[]>> angles) {
    int dim = options.get(DIM);
    int size = options.get(LOCAL);
    Optional<LocalConvolution> local =
        size == 0
            ? Optional.empty()
            : Optional.of(
                new LocalConvolution(
                    weights,
                    name + "/local",
                    size,
                    dim,
                    shape.height(),
                    shape.width(),
                    options.get(EDGES)));
    LayerNorm norm = new LayerNorm(weights, name + "/attention/norm", dim);
    WaveAttention attention =
        WaveAttention.create(
            weights,
            name + "/attention",
            dim,
            options.get(HEADS),
            options.get(ATTN_DROPOUT),
            options.get(FEATURES),
            angles);
    String place = name + "/feed_forward";
    FeedForward feedForward = new FeedForward(weights, place, dim, options.get(FF_DROPOUT));
    return new EquivariantBlock(
        local, norm, attention, feedForward, feedForward.at(place + "/class_token"));
  }

  /** Adds the block; the pixels end with the local convolution if attention is without them. */
  Tokens apply(Pass pass, Tokens tokens) {
    Value x =
        local
            .map(convolution -> pass.add(tokens.pixels(), convolution.apply(pass, tokens.pixels())))
            .orElse(tokens.pixels());
    WaveAttention.Attended attended =
        attention.apply(pass, norm.apply(pass, x), norm.apply(pass, tokens.classToken()));
    Value c = pass.add(tokens.classToken(), attended.classToken());
    return new Tokens(
        attended.pixels().map(y -> withFeedForward(pass, pass.add(x, y), feedForward)).orElse(x),
        withFeedForward(pass, c, classFeedForward));
  }

  private static Value withFeedForward(Pass pass, Value x, FeedForward feedForward) {
    return pass.add(x, feedForward.apply(pass, x)); // which normalizes its input itself
  }

  /** Its parts and their work for images of so many pixels. */
  List<Part> parts(int block, int pixels) {
    String name = "blocks/" + block;
    List<Part> parts = new ArrayList<>();
    local.ifPresent(
        convolution ->
            parts.add(
                new Part(
                    "block " + block + " local",
                    name + "/local",
                    MULTIPLY_ADD * convolution.multiplyAdds())));
    parts.add(
        new Part(
            "block " + block + " attention",
            name + "/attention",
            MULTIPLY_ADD * attention.multiplyAdds(pixels)));
    parts.add(
        new Part(
            "block " + block + " feed-forward",
            name + "/feed_forward",
            MULTIPLY_ADD * feedForward.multiplyAdds(attention.ofPixels() ? pixels + 1 : 1)));
    return parts;
  }
}
