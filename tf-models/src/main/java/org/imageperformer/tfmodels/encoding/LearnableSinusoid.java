package org.imageperformer.tfmodels.encoding;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * Positions as sines and cosines of trainable frequencies (models.md section 4): a coordinate p
 * becomes {@code [sin(f_0 p), cos(f_0 p), sin(f_1 p), cos(f_1 p), ...]}. All axes share the
 * frequencies; their encodings are concatenated.
 */
public final class LearnableSinusoid {

  private final Weight frequencies;
  private final int size;

  /**
   * Creates the weight {@code name/frequencies} [size / 2], initially {@code base^(-2 i / size)}.
   *
   * @param size values per axis; even
   * @param base the longest wavelength over 2 pi, roughly
   * @throws IllegalArgumentException if size is odd or below 2
   */
  public LearnableSinusoid(Weights weights, String name, int size, double base) {
    if (size < 2 || size % 2 != 0) {
      throw new IllegalArgumentException(
          "a sinusoid needs an even size of at least 2, not " + size);
    }
    this.size = size;
    float[] initial = new float[size / 2];
    for (int i = 0; i < initial.length; i++) {
      initial[i] = (float) Math.pow(base, -2.0 * i / size);
    }
    this.frequencies = weights.trained(name + "/frequencies", Initializer.of(initial), size / 2);
  }

  /**
   * Adds the encoding of positions to the graph.
   *
   * @param coordinates [tokens, axes]
   * @return [tokens, axes * size]
   */
  public Value encode(Pass pass, Value coordinates) {
    return pass.apply(coordinates, positions -> encode(pass, positions));
  }

  private Operand<TFloat32> encode(Pass pass, Operand<TFloat32> coordinates) {
    Ops tf = pass.tf();
    long tokens = coordinates.shape().get(0);
    long axes = coordinates.shape().get(1);
    Operand<TFloat32> angles =
        tf.math.mul(
            tf.expandDims(coordinates, tf.constant(2)),
            pass.read(frequencies)); // [t, axes, size/2]
    Operand<TFloat32> pairs =
        tf.stack(
            List.of(tf.math.sin(angles), tf.math.cos(angles)),
            Stack.axis(3L)); // [tokens, axes, size/2, 2]
    return tf.reshape(pairs, Dims.of(tf, tokens, axes * size));
  }
}
