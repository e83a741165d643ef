package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.DropoutMask;
import org.imageperformer.tfmodels.models.Cost;

/** What lifting and group attention share: their affine maps and their position codes. */
final class SelfAttention {

  private final GroupAttentionOptions options;
  private final int in;
  private final int mid;
  private final int e;
  private final int out;
  private final PositionalEncoding positions;
  private final PixelMap query;
  private final PixelMap key;
  private final PixelMap value;
  private final PixelMap output;
  private final DropoutMask dropout;

  /**
   * Creates {@code name/rows/...}, {@code name/columns/...} and the affine maps {@code name/query},
   * {@code name/key}, {@code name/value} and {@code name/output}.
   *
   * @param mid features of a head
   * @param e those of them for rows, and as many for columns
   */
  SelfAttention(
      Weights weights,
      String name,
      int in,
      int mid,
      int e,
      int out,
      GroupAttentionOptions options) {
    this.options = options;
    this.in = in;
    this.mid = mid;
    this.e = e;
    this.out = out;
    int inner = options.heads() * mid;
    this.positions = new PositionalEncoding(weights, name, e, options.whiteningScale());
    this.query = new PixelMap(weights, name + "/query", in, inner, options.whiteningScale());
    this.key = new PixelMap(weights, name + "/key", in, inner, options.whiteningScale());
    this.value = new PixelMap(weights, name + "/value", in, inner, options.whiteningScale());
    this.output = new PixelMap(weights, name + "/output", inner, out, options.whiteningScale());
    this.dropout = new DropoutMask(name, options.dropout());
  }

  /**
   * Adds the attention to the graph.
   *
   * @param x [b, h, w, G, C_in]; G is 1 when lifting
   * @param table the group embedding; empty when lifting
   * @return [b, h, w, V, C_out]
   */
  Value apply(Pass pass, Value x, Optional<Weight> table) {
    Neighbours neighbours =
        options.neighbours(Math.toIntExact(x.shape().get(1)), Math.toIntExact(x.shape().get(2)));
    AttentionSpec spec =
        new AttentionSpec(
            options.group(),
            options.encoding(),
            neighbours,
            options.heads(),
            mid,
            (float) (1 / Math.sqrt(in)),
            dropout);
    AttentionSpec.Tensors tensors =
        new AttentionSpec.Tensors(
            query.apply(pass, x),
            key.apply(pass, x),
            value.apply(pass, x),
            positions.codes(pass, options.group(), neighbours.offsets()),
            table.map(pass::value));
    return output.apply(pass, spec.attend(pass, tensors));
  }

  /**
   * Work for one image, in floating-point operations, element-wise ones left out; so are the codes,
   * which are computed once for all images.
   *
   * @param elements of the input, G; 1 when lifting
   */
  long operations(int height, int width, int elements) {
    long pixels = (long) height * width;
    long keys = options.neighbours(height, width).keys();
    long outputs = options.group().order();
    long inner = (long) options.heads() * mid;
    long maps = 3L * elements * in * inner + outputs * inner * out;
    long content = (long) elements * elements * keys * mid;
    long position = elements * outputs * keys * 2L * e;
    long summed = elements == 1 ? 0 : outputs * elements * elements * keys;
    long values = outputs * elements * keys * mid;
    return Cost.MULTIPLY_ADD
        * pixels
        * (maps + options.heads() * (content + position + summed + values));
  }
}
