package org.imageperformer.tfmodels.cnn;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Window;

/**
 * {@code relu(norm(conv(relu(norm(conv(x))))) + x)}, with the input taken through a 1x1 convolution
 * and a norm where the shape changes (docs/cnn.md, section 2).
 */
final class ResidualBlock {

  private final NormedConvolution first;
  private final NormedConvolution second;
  private final Optional<NormedConvolution> shortcut;

  /** Creates {@code name/first}, {@code name/second} and, if needed, {@code name/shortcut}. */
  ResidualBlock(Weights weights, String name, int in, int out, int stride) {
    this.first = new NormedConvolution(weights, name + "/first", new Window(3, stride, 1), in, out);
    this.second = new NormedConvolution(weights, name + "/second", Window.around(3), out, out);
    this.shortcut =
        in == out && stride == 1
            ? Optional.empty()
            : Optional.of(
                new NormedConvolution(
                    weights, name + "/shortcut", new Window(1, stride, 0), in, out));
  }

  /**
   * Adds the block to the graph.
   *
   * @param x [batch, rows, columns, in]
   * @return [batch, rows / stride, columns / stride, out], rounded up
   */
  Value apply(Pass pass, Value x) {
    Value inner = second.apply(pass, first.relu(pass, x));
    Value around = shortcut.isPresent() ? shortcut.get().apply(pass, x) : x;
    return pass.apply(inner, around, (a, b) -> pass.tf().nn.relu(pass.tf().math.add(a, b)));
  }

  /** Rows or columns of what it gives. */
  int places(int side) {
    return first.window().places(side);
  }

  /** Work on an image of so many rows and columns. */
  long multiplyAdds(int rows, int columns) {
    return first.multiplyAdds(rows, columns)
        + second.multiplyAdds(places(rows), places(columns))
        + shortcut.map(s -> s.multiplyAdds(rows, columns)).orElse(0L);
  }
}
