package org.imageperformer.tfmodels.cnn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.MaxPool;
import org.imageperformer.tfmodels.layers.Window;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.Traits;

/**
 * ResNet18 (docs/cnn.md, section 2): a convolution and a pooling, four stages of two {@linkplain
 * ResidualBlock residual blocks} each, the mean over the image and an affine map.
 */
final class ResNet18 implements ImageModel {

  private static final int STAGES = 4;
  private static final int BLOCKS = 2;
  private static final MaxPool POOL = new MaxPool(new Window(3, 2, 1));

  private final ImageShape shape;
  private final NormedConvolution stem;
  private final List<ResidualBlock> blocks = new ArrayList<>();
  private final int features;
  private final Dense output;

  /** Creates {@code stem}, {@code blocks/0} to 7, and {@code output}. */
  ResNet18(Weights weights, ImageShape shape, int classes, int width) {
    this.shape = shape;
    this.stem =
        new NormedConvolution(weights, "stem", new Window(7, 2, 3), shape.channels(), width);
    int in = width;
    for (int stage = 0; stage < STAGES; stage++) {
      int out = width << stage;
      for (int block = 0; block < BLOCKS; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        blocks.add(new ResidualBlock(weights, "blocks/" + blocks.size(), in, out, stride));
        in = out;
      }
    }
    this.features = in;
    this.output = new Dense(weights, "output", features, classes);
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Value x = POOL.apply(pass, stem.relu(pass, pixels)); // [batch, rows, columns, width]
    for (ResidualBlock block : blocks) {
      x = block.apply(pass, x);
    }
    Value mean =
        pass.apply(x, maps -> pass.tf().math.mean(maps, pass.tf().constant(new int[] {1, 2})));
    return Heads.map(pass, mean, features, output);
  }

  @Override
  public Traits traits() {
    // Of a single pixel of a single image, as its last maps may be, there is no variance.
    return new Traits(
        Optional.empty(), /* rawPixels= */ false, /* redrawInterval= */ 0, /* fewestImages= */ 2);
  }

  @Override
  public Cost cost() {
    int rows = shape.height();
    int columns = shape.width();
    List<Cost.Part> parts = new ArrayList<>();
    parts.add(
        new Cost.Part(
            "convolution at %dx%d".formatted(rows, columns),
            "stem",
            Cost.MULTIPLY_ADD * stem.multiplyAdds(rows, columns)));
    rows = POOL.window().places(stem.window().places(rows));
    columns = POOL.window().places(stem.window().places(columns));
    for (int i = 0; i < blocks.size(); i++) {
      ResidualBlock block = blocks.get(i);
      parts.add(
          new Cost.Part(
              "block %d at %dx%d".formatted(i + 1, rows, columns),
              "blocks/" + i,
              Cost.MULTIPLY_ADD * block.multiplyAdds(rows, columns)));
      rows = block.places(rows);
      columns = block.places(columns);
    }
    parts.add(new Cost.Part("output", "output", Cost.MULTIPLY_ADD * output.multiplyAdds(1)));
    return new Cost(parts);
  }
}
