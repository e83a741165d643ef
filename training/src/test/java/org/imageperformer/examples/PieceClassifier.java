package org.imageperformer.examples;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.gsa.Activation;
import org.imageperformer.tfmodels.gsa.GroupAttentionOptions;
import org.imageperformer.tfmodels.gsa.GroupSelfAttention;
import org.imageperformer.tfmodels.gsa.GsaOptions;
import org.imageperformer.tfmodels.gsa.LiftingSelfAttention;
import org.imageperformer.tfmodels.gsa.Norm;
import org.imageperformer.tfmodels.gsa.NormType;
import org.imageperformer.tfmodels.gsa.PixelMap;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.op.Ops;

/**
 * A network of one's own from the layers of GSA-Nets: an attention that lifts the picture to a
 * group, one between maps over the group, and a linear map whose largest value over the group
 * counts.
 */
final class PieceClassifier implements ImageModel {
  private static final int CHANNELS = 8;

  /** What the product asks of it; a line in META-INF/services would let the commands find it. */
  static final class Family implements ModelFamily {
    @Override
    public List<String> models() {
      return List.of("PieceClassifier");
    }

    @Override
    public OptionSet options(String model) {
      return OptionSet.of(GsaOptions.GROUP);
    }

    @Override
    public Map<String, String> defaults(String model, String dataset) {
      return Map.of("learning_rate", "0.01");
    }

    @Override
    public List<String> problems(String model, ImageShape shape, Options options) {
      return List.of();
    }

    @Override
    public ImageModel create(
        String model, Weights weights, ImageShape shape, int classes, Options options) {
      GroupAttentionOptions attention =
          GroupAttentionOptions.local(
              options.get(GsaOptions.GROUP), /* patch= */ 3, /* heads= */ 2);
      return new PieceClassifier(weights, shape, classes, attention);
    }
  }

  private final ImageShape shape;
  private final int elements;
  private final LiftingSelfAttention lifting;
  private final Norm liftingNorm;
  private final GroupSelfAttention attention;
  private final Norm attentionNorm;
  private final PixelMap output;

  PieceClassifier(Weights weights, ImageShape shape, int classes, GroupAttentionOptions options) {
    this.shape = shape;
    elements = options.group().order();
    lifting = new LiftingSelfAttention(weights, "lifting", shape.channels(), CHANNELS, options);
    liftingNorm = Norm.of(NormType.LAYER_NORM, weights, "norms/lifting", CHANNELS);
    attention = new GroupSelfAttention(weights, "attention", CHANNELS, CHANNELS, options);
    attentionNorm = Norm.of(NormType.LAYER_NORM, weights, "norms/attention", CHANNELS);
    output = new PixelMap(weights, "output", CHANNELS, classes, options.whiteningScale());
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Ops tf = pass.tf();
    Value image = pass.apply(pixels, x -> tf.expandDims(x, tf.constant(3))); // [b, h, w, 1, c]
    Value x = liftingNorm.apply(pass, lifting.apply(pass, image)); // [b, h, w, G, CHANNELS]
    x = attention.apply(pass, Activation.SWISH.apply(pass, x));
    x = Activation.SWISH.apply(pass, attentionNorm.apply(pass, x));
    return pass.apply(
        output.apply(pass, x),
        votes -> tf.reduceMax(tf.math.mean(votes, tf.constant(new int[] {1, 2})), tf.constant(1)));
  }

  @Override
  public Traits traits() {
    return new Traits(Optional.empty(), /* rawPixels= */ false, /* redrawInterval= */ 0);
  }

  @Override
  public Cost cost() {
    int height = shape.height();
    int width = shape.width();
    return new Cost(
        List.of(
            new Cost.Part("lifting", "lifting", lifting.operations(height, width)),
            new Cost.Part("attention", "attention", attention.operations(height, width)),
            new Cost.Part("norms"),
            new Cost.Part(
                "output",
                "output",
                Cost.MULTIPLY_ADD * output.multiplyAdds((long) shape.pixels() * elements))));
  }
}
