package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.op.Ops;

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

  private final List<Weight> kernels = new ArrayList<>();
  private final List<Norm> norms = new ArrayList<>();
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
      kernels.add(convolution(weights, i, 3, i == 0 ? channels : CHANNELS, CHANNELS));
      norms.add(new BatchNorm(weights, "norms/" + i, CHANNELS, EPSILON));
      dropouts.add(new Dropout("convolutions/" + i, dropout && i != 1 ? DROPOUT : 0));
    }
    kernels.add(convolution(weights, CONVOLUTIONS, 4, CHANNELS, classes));
  }

  /** What is wrong with the size of an image; empty if nothing is. */
  static List<String> problems(int height, int width) {
    return height == SIDE && width == SIDE
        ? List.of()
        : List.of("z2cnn takes images of 28x28, not " + height + "x" + width);
  }

  private static Weight convolution(Weights weights, int index, int side, int in, int out) {
    return weights.trained(
        "convolutions/" + index + "/kernel",
        Initializer.uniform(side * side * in),
        side,
        side,
        in,
        out);
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Ops tf = pass.tf();
    Value x = pixels;
    for (int i = 0; i < CONVOLUTIONS; i++) {
      x = Activation.RELU.apply(pass, norms.get(i).apply(pass, convolve(pass, x, kernels.get(i))));
      x = dropouts.get(i).apply(pass, x);
      if (i == 1) {
        x =
            pass.apply(
                x,
                maps ->
                    tf.nn.maxPool(
                        maps,
                        tf.constant(new int[] {1, 2, 2, 1}),
                        tf.constant(new int[] {1, 2, 2, 1}),
                        "VALID"));
      }
    }
    return Reshaping.of(pass, convolve(pass, x, kernels.get(CONVOLUTIONS)), -1, classes);
  }

  private static Value convolve(Pass pass, Value x, Weight kernel) {
    return pass.apply(
        x, maps -> pass.tf().nn.conv2d(maps, pass.read(kernel), List.of(1L, 1L, 1L, 1L), "VALID"));
  }

  @Override
  public Traits traits() {
    return new Traits(
        Optional.of("BatchNorm"), /* rawPixels= */ false, /* redrawInterval= */ 0);
  }

  @Override
  public Cost cost() {
    List<Cost.Part> parts = new ArrayList<>();
    int side = SIDE;
    for (int i = 0; i <= CONVOLUTIONS; i++) {
      Weight kernel = kernels.get(i);
      side -= Math.toIntExact(kernel.shape()[0]) - 1;
      parts.add(
          new Cost.Part(
              "convolution " + (i + 1),
              "convolutions/" + i,
              Cost.MULTIPLY_ADD * side * side * kernel.size()));
      side = i == 1 ? side / 2 : side;
    }
    parts.add(new Cost.Part("norms"));
    return new Cost(parts);
  }
}
