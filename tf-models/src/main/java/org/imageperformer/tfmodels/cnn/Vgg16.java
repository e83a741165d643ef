package org.imageperformer.tfmodels.cnn;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.layers.Window;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;

/**
 * VGG16 (docs/cnn.md, section 3): thirteen 3x3 convolutions with ReLU and five poolings, an
 * {@linkplain AdaptiveMap adaptive mean}, and three affine maps with ReLU and dropout between.
 */
final class Vgg16 implements ImageModel {

  /** Rows of the smallest image of which a pixel is left. */
  static final int FEWEST_ROWS = 32;

  /** Convolutions of each stage, and their channels as multiples of the width. */
  private static final int[][] STAGES = {{2, 1}, {2, 2}, {3, 4}, {3, 8}, {3, 8}};

  private static final int HIDDEN = 64;
  private static final double DEVIATION = 0.01;

  private final ConvolutionChain convolutions;
  private final AdaptiveMap first;
  private final Dropout firstDropout;
  private final Dense second;
  private final Dropout secondDropout;
  private final int hidden;
  private final Dense output;

  /** Creates {@code convolutions/0} to 12, {@code hidden/0}, {@code hidden/1}, {@code output}. */
  Vgg16(Weights weights, ImageShape shape, int classes, int width, double dropout) {
    Initializer zero = Initializer.constant(0);
    this.convolutions = new ConvolutionChain(weights, shape);
    for (int[] stage : STAGES) {
      for (int i = 0; i < stage[0]; i++) {
        int out = stage[1] * width;
        Window window = Window.around(3);
        Initializer kernel = Initializers.byFanOut(window.size(), out);
        convolutions.add(window, out, kernel, zero, 0, i == stage[0] - 1);
      }
    }
    this.hidden = HIDDEN * width;
    Initializer initial = Initializer.normal(0, DEVIATION);
    this.first =
        new AdaptiveMap(
            weights,
            "hidden/0",
            convolutions.rows(),
            convolutions.columns(),
            convolutions.channels(),
            hidden,
            initial);
    this.firstDropout = new Dropout("hidden/0", dropout);
    this.second = new Dense(weights, "hidden/1", hidden, hidden, initial, zero);
    this.secondDropout = new Dropout("hidden/1", dropout);
    this.output = new Dense(weights, "output", hidden, classes, initial, zero);
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Value x = convolutions.apply(pass, pixels); // [batch, rows, columns, channels]
    x = firstDropout.apply(pass, relu(pass, first.apply(pass, x))); // [batch, hidden]
    x = secondDropout.apply(pass, relu(pass, Heads.map(pass, x, hidden, second)));
    return Heads.map(pass, x, hidden, output);
  }

  private static Value relu(Pass pass, Value x) {
    return pass.apply(x, values -> pass.tf().nn.relu(values));
  }

  @Override
  public Traits traits() {
    return Traits.USUAL;
  }

  @Override
  public Cost cost() {
    List<Cost.Part> parts = new ArrayList<>(convolutions.parts());
    parts.add(new Cost.Part("affine map 1", "hidden/0", Cost.MULTIPLY_ADD * first.multiplyAdds()));
    parts.add(
        new Cost.Part("affine map 2", "hidden/1", Cost.MULTIPLY_ADD * second.multiplyAdds(1)));
    parts.add(new Cost.Part("output", "output", Cost.MULTIPLY_ADD * output.multiplyAdds(1)));
    return new Cost(parts);
  }
}
