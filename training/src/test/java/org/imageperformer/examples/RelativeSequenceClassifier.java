package org.imageperformer.examples;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.AttentionOptions;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.Queries;
import org.imageperformer.tfmodels.attention.RelativeAttention;
import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A model of one's own from the product's layers: relative attention over a signal. Its samples are
 * the pixels of a gray picture, row after row; what is learned is whether the signal's two spikes
 * are near each other, wherever they are.
 */
final class RelativeSequenceClassifier implements ImageModel {
  private static final int PAIRS = 4; // sin/cos pairs of a position
  private static final int HEADS = 2;

  static final Option<Integer> DIM =
      Option.integer("dim", 16).atLeast(HEADS).affects(Affects.MODEL).help("Features of a token.");

  /** What the product asks of it; a line in META-INF/services would let the commands find it. */
  static final class Family implements ModelFamily {
    @Override
    public List<String> models() {
      return List.of("RelativeSequenceClassifier");
    }

    @Override
    public OptionSet options(String model) {
      return OptionSet.of(DIM);
    }

    @Override
    public Map<String, String> defaults(String model, String dataset) {
      return Map.of("learning_rate", "0.01");
    }

    @Override
    public List<String> problems(String model, ImageShape shape, Options options) {
      int dim = options.get(DIM);
      return dim % HEADS == 0
          ? List.of()
          : List.of("dim is " + dim + ", must be a multiple of " + HEADS);
    }

    @Override
    public ImageModel create(
        String model, Weights weights, ImageShape shape, int classes, Options options) {
      return new RelativeSequenceClassifier(weights, shape, classes, options.get(DIM));
    }
  }

  private final int tokens; // the first of them stands for the whole, as a class token
  private final int classes;
  private final Dense embedding;
  private final LearnableSinusoid positions;
  private final RelativeAttention attention;
  private final Dense output;

  RelativeSequenceClassifier(Weights weights, ImageShape shape, int classes, int dim) {
    this.tokens = shape.pixels();
    this.classes = classes;
    embedding = new Dense(weights, "embedding", 1, dim);
    positions = new LearnableSinusoid(weights, "positions", 2 * PAIRS, 2.0 * tokens);
    attention =
        new RelativeAttention(
            weights,
            "attention",
            new AttentionOptions(dim, HEADS, 0, false, KeyStabilizer.EXAMPLE, ClassToken.FIRST),
            PAIRS,
            false);
    output = new Dense(weights, "output", dim, classes);
  }

  /** Every token attends, their mean is classified. */
  @Override
  public Value logits(Pass pass, Value pixels) {
    Ops tf = pass.tf();
    Value signal = pass.apply(pixels, x -> tf.reshape(x, Dims.of(tf, -1, tokens, 1)));
    Operand<TFloat32> line = // one coordinate for each token
        tf.reshape(
            tf.dtypes.cast(
                tf.range(tf.constant(0), tf.constant(tokens), tf.constant(1)), TFloat32.class),
            Dims.of(tf, tokens, 1));
    Value encoding = positions.encode(pass, pass.constant(line)); // [tokens, 2 PAIRS]
    Value x = embedding.apply(pass, signal); // [batch, tokens, dim]
    Value mixed = attention.apply(pass, x, encoding, Queries.ALL);
    Value mean =
        pass.apply(
            pass.add(x, mixed),
            all -> tf.expandDims(tf.math.mean(tf.nn.relu(all), tf.constant(1)), tf.constant(1)));
    return pass.apply(output.apply(pass, mean), z -> tf.reshape(z, Dims.of(tf, -1, classes)));
  }

  @Override
  public Traits traits() {
    return new Traits(Optional.empty(), false, 0); // its random features stay
  }

  @Override
  public Cost cost() {
    return new Cost(
        List.of(
            new Cost.Part("embedding", "embedding", 2 * embedding.multiplyAdds(tokens)),
            new Cost.Part("positions"),
            new Cost.Part("attention", "attention", attention.operations(tokens, tokens)),
            new Cost.Part("output", "output", 2 * output.multiplyAdds(1))));
  }
}
