package org.imageperformer.tfmodels.cnn;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Window;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;

/**
 * AlexNet for small images (docs/cnn.md, section 1): five convolutions with ReLU, dropout behind
 * the first, third and fifth, pooling behind the first, second and fifth, and an affine map of what
 * is left of the image.
 */
final class AlexNet implements ImageModel {

  /** Rows of the smallest image of which a pixel is left. */
  static final int FEWEST_ROWS = 29;

  private final ConvolutionChain convolutions;
  private final int features;
  private final Dense output;

  /** Creates {@code convolutions/0/kernel} and {@code /bias} to 4, and {@code output}. */
  AlexNet(Weights weights, ImageShape shape, int classes, int width, double dropout) {
    this.convolutions = new ConvolutionChain(weights, shape);
    add(new Window(11, 4, 5), width, dropout, true);
    add(Window.around(5), 3 * width, 0, true);
    add(Window.around(3), 6 * width, dropout, false);
    add(Window.around(3), 4 * width, 0, false);
    add(Window.around(3), 4 * width, dropout, true);
    this.features = convolutions.rows() * convolutions.columns() * convolutions.channels();
    this.output = new Dense(weights, "output", features, classes);
  }

  private void add(Window window, int out, double dropout, boolean pool) {
    Initializer initial =
        Initializer.uniform(window.size() * window.size() * convolutions.channels());
    convolutions.add(window, out, initial, initial, dropout, pool);
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    return Heads.map(pass, convolutions.apply(pass, pixels), features, output);
  }

  @Override
  public Traits traits() {
    return Traits.USUAL;
  }

  @Override
  public Cost cost() {
    List<Cost.Part> parts = new ArrayList<>(convolutions.parts());
    parts.add(new Cost.Part("output", "output", Cost.MULTIPLY_ADD * output.multiplyAdds(1)));
    return new Cost(parts);
  }
}
