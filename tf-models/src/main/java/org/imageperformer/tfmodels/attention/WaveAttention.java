package org.imageperformer.tfmodels.attention;

import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.WaveKernels;
import org.imageperformer.tfmodels.kernels.WaveParameters;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.layers.Dropout;

/**
 * Attention among pixels that knows nothing of positions but their differences, exactly, and of a
 * class token to the pixels (docs/equivariant.md, section 1). A pixel's features come from its
 * content alone; afterwards each pair of them is turned by the pixel's angle, and queries by a
 * trained alpha and beta, too:
 *
 * <pre>y_i = sum_j (M f_i).(R(t_j - t_i) g_j) v_j / (sum_j f_i.g_j + 1e-6)</pre>
 *
 * computed as products of turned features at a cost of O(L). The class token, a single query, takes
 * the exact softmax over the pixels; no pixel attends to it.
 *
 * <p>Axes: b batch, L pixels, d features, H heads, h = d / H, P pairs of features.
 */
public final class WaveAttention {

  /**
   * What pixels and class token receive.
   *
   * @param pixels [b, L, d]; empty in a layer for the class token alone
   * @param classToken [b, 1, d]
   */
  public record Attended(Optional<Value> pixels, Value classToken) {}

  private final int heads;
  private final int headDim;
  private final Dense query;
  private final Dense key;
  private final Dense value;
  private final Dense output;
  private final Dropout dropout;
  private final Dropout classDropout;
  private final SoftmaxKernel classKernel;
  private final Optional<WaveParameters> waves;

  private WaveAttention(
      Weights weights,
      String name,
      int dim,
      int heads,
      double dropout,
      Optional<WaveParameters> waves) {
    this.heads = heads;
    this.headDim = dim / heads;
    this.query = new Dense(weights, name + "/query", dim, dim);
    this.key = new Dense(weights, name + "/key", dim, dim);
    this.value = new Dense(weights, name + "/value", dim, dim);
    this.output = new Dense(weights, name + "/output", dim, dim);
    this.dropout = new Dropout(name, dropout);
    this.classDropout = new Dropout(name + "/class_token", dropout);
    this.classKernel = new SoftmaxKernel(headDim);
    this.waves = waves;
  }

  /**
   * Creates the weights {@code name/query, key, value, output} and, if pixels attend, {@code
   * name/rotation/alpha} and {@code beta}, and with random features {@code name/projection}.
   *
   * @param dim d
   * @param heads H, divides d
   * @param dropout after the output map, in [0, 1)
   * @param features of the pixels
   * @param angles of each pixel, P each; empty for a layer of the class token alone
   */
  public static WaveAttention create(
      Weights weights,
      String name,
      int dim,
      int heads,
      double dropout,
      PixelFeatures features,
      Optional<List<double[]>> angles) {
    return new WaveAttention(
        weights,
        name,
        dim,
        heads,
        dropout,
        angles.map(all -> waves(weights, name, heads, dim / heads, features, all)));
  }

  private static WaveParameters waves(
      Weights weights,
      String name,
      int heads,
      int headDim,
      PixelFeatures features,
      List<double[]> angles) {
    int pairs = angles.get(0).length;
    return new WaveParameters(
        weights.trained(name + "/rotation/alpha", Initializer.normal(1, 0.3), heads, pairs),
        weights.trained(name + "/rotation/beta", Initializer.normal(0, 0.3), heads, pairs),
        features == PixelFeatures.FAVOR
            ? Optional.of(
                weights.randomFeatures(
                    name + "/projection", new OrthogonalFeatures(headDim), 2L * pairs, headDim))
            : Optional.empty(),
        angles);
  }

  /** Whether pixels attend to each other. */
  public boolean ofPixels() {
    return waves.isPresent();
  }

  /**
   * Adds the layer to the graph.
   *
   * @param pixels [b, L, d]
   * @param classToken [b, 1, d]
   */
  public Attended apply(Pass pass, Value pixels, Value classToken) {
    Value k = Heads.split(pass, key.apply(pass, pixels), heads); // [b, H, L, h]
    Value v = Heads.split(pass, value.apply(pass, pixels), heads);
    Value ofClass = Heads.split(pass, query.apply(pass, classToken), heads); // [b, H, 1, h]
    return new Attended(
        waves.map(
            of -> {
              Value q = Heads.split(pass, query.apply(pass, pixels), heads);
              return output(pass, WaveKernels.of(pass).attend(q, k, v, of), dropout);
            }),
        output(pass, classKernel.attend(pass, ofClass, k, v), classDropout));
  }

  private Value output(Pass pass, Value attended, Dropout mask) {
    return mask.apply(pass, output.apply(pass, Heads.merge(pass, attended)));
  }

  /** Work on so many pixels and the class token. */
  public long multiplyAdds(long pixels) {
    long ofClass = query.multiplyAdds(1) + 2 * pixels * heads * headDim + output.multiplyAdds(1);
    long amongPixels =
        waves
            .map(
                of ->
                    query.multiplyAdds(pixels)
                        + of.multiplyAdds(headDim)
                        + output.multiplyAdds(pixels))
            .orElse(0L);
    return key.multiplyAdds(pixels) + value.multiplyAdds(pixels) + ofClass + amongPixels;
  }
}
