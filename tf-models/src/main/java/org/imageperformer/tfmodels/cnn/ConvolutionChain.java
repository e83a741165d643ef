package org.imageperformer.tfmodels.cnn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.layers.ImageConvolution;
import org.imageperformer.tfmodels.layers.MaxPool;
import org.imageperformer.tfmodels.layers.Window;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageShape;

/** Convolutions with bias and ReLU, one behind the other, some with dropout, some with pooling. */
final class ConvolutionChain {

  private record Step(ImageConvolution convolution, Optional<Dropout> dropout, boolean pool) {}

  private final Weights weights;
  private final List<Step> steps = new ArrayList<>();
  private final List<Cost.Part> parts = new ArrayList<>();
  private int rows;
  private int columns;
  private int channels;

  /** A chain without convolutions: the image itself. */
  ConvolutionChain(Weights weights, ImageShape shape) {
    this.weights = weights;
    this.rows = shape.height();
    this.columns = shape.width();
    this.channels = shape.channels();
  }

  /**
   * Adds a convolution, the first of which is {@code convolutions/0}.
   *
   * @param out its channels
   * @param dropout behind the ReLU, 0 for none
   * @param pool whether the largest of each 2x2 pixels is taken after that
   */
  void add(
      Window window, int out, Initializer kernel, Initializer bias, double dropout, boolean pool) {
    String name = "convolutions/" + steps.size();
    ImageConvolution convolution =
        new ImageConvolution(weights, name, window, channels, out, kernel, bias);
    parts.add(
        new Cost.Part(
            "convolution %d at %dx%d".formatted(steps.size() + 1, rows, columns),
            name,
            Cost.MULTIPLY_ADD * convolution.multiplyAdds(rows, columns)));
    steps.add(
        new Step(
            convolution,
            dropout > 0 ? Optional.of(new Dropout(name, dropout)) : Optional.empty(),
            pool));
    rows = places(window, rows, pool);
    columns = places(window, columns, pool);
    channels = out;
  }

  private static int places(Window window, int side, boolean pool) {
    int places = window.places(side);
    return pool ? MaxPool.HALF.window().places(places) : places;
  }

  /**
   * Adds the chain to the graph.
   *
   * @param pixels [batch, rows, columns, channels] of the image
   * @return [batch, {@link #rows}, {@link #columns}, {@link #channels}]
   */
  Value apply(Pass pass, Value pixels) {
    Value x = pixels;
    for (Step step : steps) {
      x = step.convolution().relu(pass, x);
      if (step.dropout().isPresent()) {
        x = step.dropout().get().apply(pass, x);
      }
      if (step.pool()) {
        x = MaxPool.HALF.apply(pass, x);
      }
    }
    return x;
  }

  /** Rows of what the convolutions so far give. */
  int rows() {
    return rows;
  }

  /** Columns of what the convolutions so far give. */
  int columns() {
    return columns;
  }

  /** Channels of what the convolutions so far give. */
  int channels() {
    return channels;
  }

  /** The work of each. */
  List<Cost.Part> parts() {
    return List.copyOf(parts);
  }
}
