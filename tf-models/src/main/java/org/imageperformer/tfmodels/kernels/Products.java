package org.imageperformer.tfmodels.kernels;

import java.util.Map;
import java.util.function.BiFunction;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Widened;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/** Products of matrices. */
public final class Products {

  private static final long LARGEST_PART = 256;
  private static final long SMALLEST_PART = 64;

  private Products() {}

  /**
   * Adds the product of each pair of matrices in the last two axes. BatchMatMulV2 is computed by
   * oneDNN on CPUs where the newer BatchMatMulV3, which the library's own method adds, is not.
   *
   * @param a [..., n, c]; [..., c, n] if transposed; leading axes are broadcast
   * @param b [..., c, m]; [..., m, c] if transposed; of the type of a
   * @return [..., n, m]
   * @throws IllegalArgumentException if b has another type
   */
  public static <T extends TNumber> Operand<T> batched(
      Ops tf, Operand<T> a, Operand<?> b, boolean transposeA, boolean transposeB) {
    return tf.scope()
        .opBuilder("BatchMatMulV2", "BatchMatMulV2")
        .addInput(a.asOutput())
        .addInput(as(b, a.type()).asOutput())
        .setAttr("adj_x", transposeA)
        .setAttr("adj_y", transposeB)
        .build()
        .output(0);
  }

  /**
   * Adds {@code a^T b}, a sum over the tokens: first within parts of them, whose rows stay in the
   * innermost cache, if the tokens can be divided into equal ones.
   *
   * @param a [batch, heads, tokens, n]
   * @param b [batch, heads, tokens, m]
   * @return [batch, heads, n, m]
   */
  static <T extends TNumber> Operand<TFloat32> overTokens(Ops tf, Operand<T> a, Operand<?> b) {
    long tokens = a.shape().get(2);
    for (long part = LARGEST_PART; part >= SMALLEST_PART; part--) {
      if (part < tokens && tokens % part == 0) {
        Operand<T> sums = // [batch, heads, parts, n, m]
            batched(tf, parts(tf, a, part), parts(tf, as(b, a.type()), part), true, false);
        return tf.sum(float32(tf, sums), tf.constant(2));
      }
    }
    return float32(tf, batched(tf, a, b, true, false));
  }

  /** [batch, heads, tokens, n] to [batch, heads, parts, part, n]. */
  private static <T extends TType> Operand<T> parts(Ops tf, Operand<T> x, long part) {
    Shape shape = x.shape();
    return tf.reshape(x, Dims.of(tf, -1, shape.get(1), shape.get(2) / part, part, shape.get(3)));
  }

  /**
   * Adds {@code x rows^T}, every head's tokens with the rows of one matrix, as one two-dimensional
   * product.
   *
   * @param x [batch, heads, tokens, width]
   * @param rows [n, width]
   * @return [batch, heads, tokens, n]
   */
  public static <T extends TType> Operand<T> withRows(Ops tf, Operand<T> x, Operand<?> rows) {
    return tokens(tf, matMul(tf, flat(tf, x), rows, MatMul.transposeB(true)), x);
  }

  private static <T extends TType> Operand<T> flat(Ops tf, Operand<T> x) {
    return tf.reshape(x, Dims.of(tf, -1, x.shape().get(3)));
  }

  /** [batch * heads * tokens, n] to [batch, heads, tokens, n], as x has them. */
  private static <T extends TType> Operand<T> tokens(Ops tf, Operand<T> flat, Operand<T> x) {
    return tf.reshape(
        flat, Dims.of(tf, -1, x.shape().get(1), x.shape().get(2), flat.shape().get(1)));
  }

  /**
   * A matrix or a bias in the precision of the pass's products: what was {@linkplain Widened
   * widened} is taken as it was.
   */
  static Operand<? extends TNumber> factor(Pass pass, Operand<TFloat32> values) {
    return switch (pass.options().precision()) {
      case FP32 -> values;
      case BF16 ->
          Widened.origin(values).orElseGet(() -> pass.tf().dtypes.cast(values, TBfloat16.class));
    };
  }

  /**
   * A compiled function whose result is rounded to a factor as it is written, if factors are.
   *
   * @param body to the result before that
   * @return the result, widened again
   */
  static Operand<TFloat32> compiledFactor(
      Pass pass,
      String name,
      Map<String, ? extends Operand<?>> inputs,
      BiFunction<Ops, Inputs, Operand<TFloat32>> body) {
    return switch (pass.options().precision()) {
      case FP32 -> pass.compiled().callOne(pass.tf(), name, inputs, body);
      case BF16 -> Widened.of(pass.tf(), pass.compiled().callNarrow(pass.tf(), name, inputs, body));
    };
  }

  /** A factor in another shape, widened after that, so that it still can be read as a factor. */
  static Operand<TFloat32> reshaped(Ops tf, Operand<? extends TNumber> factor, long... shape) {
    return float32(tf, tf.reshape(factor, Dims.of(tf, shape)));
  }

  /**
   * {@code rows W + b} as one kernel, which rounds once, at its end: with no cast between product,
   * bias and activation, TensorFlow's graph optimizer makes them one.
   */
  static <T extends TNumber> Operand<T> affine(
      Pass pass, Operand<T> rows, Operand<?> w, Affine affine) {
    return pass.tf()
        .nn
        .biasAdd(
            matMul(pass.tf(), rows, w), as(factor(pass, pass.read(affine.bias())), rows.type()));
  }

  /** The product of two factors, as a factor. */
  static <T extends TType> Operand<T> matMul(
      Ops tf, Operand<T> a, Operand<?> b, MatMul.Options... transposed) {
    return tf.linalg.matMul(a, as(b, a.type()), transposed);
  }

  /** A product or factor in float32. */
  static Operand<TFloat32> float32(Ops tf, Operand<?> values) {
    return values.type() == TFloat32.class
        ? as(values, TFloat32.class)
        : Widened.of(tf, as(values, TBfloat16.class));
  }

  /** A factor as what it must be: all factors of a pass have one type. */
  @SuppressWarnings("unchecked") // As was asked just before.
  static <T extends TType> Operand<T> as(Operand<?> factor, Class<T> type) {
    if (factor.type() != type) {
      throw new IllegalArgumentException(
          "expected " + type.getSimpleName() + ", found " + factor.type().getSimpleName());
    }
    return (Operand<T>) factor;
  }
}
