package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.models.Cost.MULTIPLY_ADD;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EMBEDDING_TYPE;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_COUNT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_REDRAW_INTERVAL;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.MAX_WAVE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.PixelFeatures;
import org.imageperformer.tfmodels.encoding.Waves;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.layers.PixelEmbedding;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.Cost.Part;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Kernelizable attention with relative positions whose logits are the same for an image and for
 * every roll of it around its edges, for all weights and any height and width: in exact arithmetic
 * equal, in floats up to the order of sums (docs/equivariant.md, section 2).
 *
 * <p>A picture that moves on a constant background without touching an edge is such a roll. Nothing
 * is promised where content crosses an edge, for backgrounds that are not constant, for moves by
 * parts of a pixel, for another size of the image, and with {@code edges zero}. Equal logits are
 * not right ones. With depth 1 there is no attention among pixels.
 */
public final class EquivariantPerformer implements ImageModel {
  private final ImageShape shape;
  private final int classes;
  private final Traits traits;
  private final PixelEmbedding embedding;
  private final Weight classQuery;
  private final List<EquivariantBlock> blocks = new ArrayList<>();
  private final Dense output;

  EquivariantPerformer(Weights weights, ImageShape shape, int classes, Options options) {
    this(
        weights,
        shape,
        classes,
        options,
        Waves.of(
                shape.height(),
                shape.width(),
                options
                        .get(FEATURES)
                        .count(options.get(DIM) / options.get(HEADS), options.get(FEATURE_COUNT))
                    / 2,
                options.get(MAX_WAVE))
            .angles());
  }

  /**
   * With angles that need not be those of whole waves.
   *
   * @param angles of each pixel in row-major order, one for each pair of features
   */
  EquivariantPerformer(
      Weights weights, ImageShape shape, int classes, Options options, List<double[]> angles) {
    this.shape = shape;
    this.classes = classes;
    this.traits =
        new Traits(
            Optional.empty(),
            options.get(EMBEDDING_TYPE) == EmbeddingType.LOOKUP,
            options.get(FEATURES) == PixelFeatures.FAVOR
                ? options.get(FEATURE_REDRAW_INTERVAL)
                : 0);
    int dim = options.get(DIM);
    this.embedding =
        PixelEmbedding.create(
            options.get(EMBEDDING_TYPE), weights, "embedding", shape.channels(), dim);
    this.classQuery = weights.trained("class_query", Initializer.standardNormal(), dim);
    for (int block = 0; block < options.get(DEPTH); block++) {
      boolean last = block == options.get(DEPTH) - 1;
      blocks.add(
          EquivariantBlock.create(
              weights,
              "blocks/" + block,
              shape,
              options,
              last ? Optional.empty() : Optional.of(angles)));
    }
    this.output = new Dense(weights, "output", dim, classes);
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    List<EquivariantBlock.Tokens> states = states(pass, pixels);
    return pass.apply(
        output.apply(pass, states.get(states.size() - 1).classToken()),
        token -> pass.tf().reshape(token, Dims.of(pass.tf(), -1, classes)));
  }

  /** The states after the embedding and after each block. */
  List<EquivariantBlock.Tokens> states(Pass pass, Value pixels) {
    Ops tf = pass.tf();
    Value rows =
        pass.constant(
            tf.reshape(pixels.operand(), Dims.of(tf, -1, shape.pixels(), shape.channels())));
    List<EquivariantBlock.Tokens> states = new ArrayList<>();
    states.add(
        new EquivariantBlock.Tokens(
            embedding.apply(pass, rows), pass.apply(rows, x -> classTokens(pass, x))));
    for (EquivariantBlock block : blocks) {
      states.add(block.apply(pass, states.get(states.size() - 1)));
    }
    return states;
  }

  /** One for each image, [batch, 1, dim]. */
  private Operand<TFloat32> classTokens(Pass pass, Operand<TFloat32> rows) {
    Ops tf = pass.tf();
    Operand<TFloat32> some = tf.slice(rows, Dims.of(tf, 0, 0, 0), Dims.of(tf, -1, 1, 1));
    return tf.math.add(tf.zerosLike(some), pass.read(classQuery));
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public Cost cost() {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part("embedding", "embedding", MULTIPLY_ADD * embedding.multiplyAdds(shape.pixels())));
    parts.add(new Part("class_query"));
    for (int block = 0; block < blocks.size(); block++) {
      parts.addAll(blocks.get(block).parts(block, shape.pixels()));
    }
    parts.add(new Part("output", "output", MULTIPLY_ADD * output.multiplyAdds(1)));
    return new Cost(parts);
  }
}
