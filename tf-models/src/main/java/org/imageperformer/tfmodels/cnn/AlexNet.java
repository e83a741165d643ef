package org.imageperformer.tfmodels.cnn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.layers.ImageConvolution;
import org.imageperformer.tfmodels.layers.MaxPool;
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

  private record Step(ImageConvolution convolution, Optional<Dropout> dropout, boolean pool) {}

  private final ImageShape shape;
  private final List<Step> steps = new ArrayList<>();
  private final int features;
  private final Dense output;

  /** Creates {@code convolutions/0/kernel} and {@code /bias} to 4, and {@code output}. */
  AlexNet(Weights weights, ImageShape shape, int classes, int width, double dropout) {
    this.shape = shape;
    add(weights, new Window(11, 4, 5), shape.channels(), width, dropout, true);
    add(weights, Window.around(5), width, 3 * width, 0, true);
    add(weights, Window.around(3), 3 * width, 6 * width, dropout, false);
    add(weights, Window.around(3), 6 * width, 4 * width, 0, false);
    add(weights, Window.around(3), 4 * width, 4 * width, dropout, true);
    int rows = shape.height();
    int columns = shape.width();
    for (Step step : steps) {
      rows = places(step, rows);
      columns = places(step, columns);
    }
    this.features = rows * columns * 4 * width;
    this.output = new Dense(weights, "output", features, classes);
  }

  private void add(Weights weights, Window window, int in, int out, double dropout, boolean pool) {
    String name = "convolutions/" + steps.size();
    Initializer initial = Initializer.uniform(window.size() * window.size() * in);
    steps.add(
        new Step(
            new ImageConvolution(weights, name, window, in, out, initial, initial),
            dropout > 0 ? Optional.of(new Dropout(name, dropout)) : Optional.empty(),
            pool));
  }

  private static int places(Step step, int side) {
    int places = step.convolution().window().places(side);
    return step.pool() ? MaxPool.HALF.window().places(places) : places;
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Value x = pixels;
    for (Step step : steps) {
      x = step.convolution().relu(pass, x); // [batch, rows, columns, channels]
      if (step.dropout().isPresent()) {
        x = step.dropout().get().apply(pass, x);
      }
      if (step.pool()) {
        x = MaxPool.HALF.apply(pass, x);
      }
    }
    return Heads.map(pass, x, features, output);
  }

  @Override
  public Traits traits() {
    return Traits.USUAL;
  }

  @Override
  public Cost cost() {
    List<Cost.Part> parts = new ArrayList<>();
    int rows = shape.height();
    int columns = shape.width();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      parts.add(
          new Cost.Part(
              "convolution %d at %dx%d".formatted(i + 1, rows, columns),
              "convolutions/" + i,
              Cost.MULTIPLY_ADD * step.convolution().multiplyAdds(rows, columns)));
      rows = places(step, rows);
      columns = places(step, columns);
    }
    parts.add(new Cost.Part("output", "output", Cost.MULTIPLY_ADD * output.multiplyAdds(1)));
    return new Cost(parts);
  }
}
