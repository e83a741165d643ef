package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.BatchNorm;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.layers.ImageConvolution;
import org.imageperformer.tfmodels.layers.MaxPool;
import org.imageperformer.tfmodels.layers.Reshaping;
import org.imageperformer.tfmodels.layers.Window;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.Traits;

/**
 * The convolutional baseline (gsa.md section 4): 3x3 convolutions without padding and bias, each
 * with BatchNorm, ReLU and, all but the second, dropout; max pooling after the second; a 4x4
 * convolution to the classes. For images of 28x28.
 */
final class Z2Cnn implements ImageModel {

  private static final int CHANNELS = 20;

  /** Rows and columns of its images. */
  static final int SIDE = 28;

  private static final int CONVOLUTIONS = 6;
  private static final double DROPOUT = 0.3;
  private static final float EPSILON = 2e-5f;

  private final List<ImageConvolution> convolutions = new ArrayList<>();
  private final List<BatchNorm> norms = new ArrayList<>();
  private final List<Dropout> dropouts = new ArrayList<>();
  private final int classes;

  /**
   * Creates {@code convolutions/0/kernel} [height, width, in, out] and so on, and {@code
   * norms/0/...}.
   *
   * @param dropout whether there is any
   * @throws IllegalArgumentException if the image is not 28x28
   */
  Z2Cnn(Weights weights, int height, int width, int channels, int classes, boolean dropout) {
    problems(height, width)
        .forEach(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    this.classes = classes;
    for (int i = 0; i < CONVOLUTIONS; i++) {
      convolutions.add(convolution(weights, i, 3, i == 0 ? channels : CHANNELS, CHANNELS));
      norms.add(new BatchNorm(weights, "norms/" + i, CHANNELS, EPSILON));
      dropouts.add(new Dropout("convolutions/" + i, dropout && i != 1 ? DROPOUT : 0));
    }
    convolutions.add(convolution(weights, CONVOLUTIONS, 4, CHANNELS, classes));
  }

  /** What is wrong with the size of an image; empty if nothing is. */
  static List<String> problems(int height, int width) {
    return height == SIDE && width == SIDE
        ? List.of()
        : List.of("z2cnn takes images of 28x28, not " + height + "x" + width);
  }

  private static ImageConvolution convolution(
      Weights weights, int index, int side, int in, int out) {
    return new ImageConvolution(
        weights,
        "convolutions/" + index,
        new Window(side, 1, 0),
        in,
        out,
        Initializer.uniform(side * side * in));
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Value x = pixels;
    for (int i = 0; i < CONVOLUTIONS; i++) {
      Value normed = norms.get(i).apply(pass, convolutions.get(i).apply(pass, x));
      x = dropouts.get(i).apply(pass, Activation.RELU.apply(pass, normed));
      if (i == 1) {
        x = MaxPool.HALF.apply(pass, x);
      }
    }
    return Reshaping.of(pass, convolutions.get(CONVOLUTIONS).apply(pass, x), -1, classes);
  }

  @Override
  public Traits traits() {
    return Traits.USUAL;
  }

  @Override
  public Cost cost() {
    List<Cost.Part> parts = new ArrayList<>();
    int side = SIDE;
    for (int i = 0; i <= CONVOLUTIONS; i++) {
      ImageConvolution convolution = convolutions.get(i);
      parts.add(
          new Cost.Part(
              "convolution " + (i + 1),
              "convolutions/" + i,
              Cost.MULTIPLY_ADD * convolution.multiplyAdds(side, side)));
      side = convolution.window().places(side);
      side = i == 1 ? side / 2 : side;
    }
    parts.add(new Cost.Part("norms"));
    return new Cost(parts);
  }
}
