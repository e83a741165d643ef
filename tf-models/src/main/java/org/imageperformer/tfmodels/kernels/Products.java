package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
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
   * @param b [..., c, m]; [..., m, c] if transposed
   * @return [..., n, m]
   */
  public static Operand<TFloat32> batched(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, boolean transposeA, boolean transposeB) {
    return tf.scope()
        .opBuilder("BatchMatMulV2", "BatchMatMulV2")
        .addInput(a.asOutput())
        .addInput(b.asOutput())
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
  static Operand<TFloat32> overTokens(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    long tokens = a.shape().get(2);
    for (long part = LARGEST_PART; part >= SMALLEST_PART; part--) {
      if (part < tokens && tokens % part == 0) {
        Operand<TFloat32> sums = // [batch, heads, parts, n, m]
            batched(tf, parts(tf, a, part), parts(tf, b, part), true, false);
        return tf.sum(sums, tf.constant(2));
      }
    }
    return batched(tf, a, b, true, false);
  }

  /** [batch, heads, tokens, n] to [batch, heads, parts, part, n]. */
  private static Operand<TFloat32> parts(Ops tf, Operand<TFloat32> x, long part) {
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
  public static Operand<TFloat32> withRows(Ops tf, Operand<TFloat32> x, Operand<TFloat32> rows) {
    return tokens(tf, tf.linalg.matMul(flat(tf, x), rows, MatMul.transposeB(true)), x);
  }

  private static Operand<TFloat32> flat(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, Dims.of(tf, -1, x.shape().get(3)));
  }

  /** [batch * heads * tokens, n] to [batch, heads, tokens, n], as x has them. */
  private static Operand<TFloat32> tokens(Ops tf, Operand<TFloat32> flat, Operand<TFloat32> x) {
    return tf.reshape(
        flat, Dims.of(tf, -1, x.shape().get(1), x.shape().get(2), flat.shape().get(1)));
  }

  /** A matrix or a bias in the precision of the pass's products. */
  static Operand<? extends TNumber> factor(Pass pass, Operand<TFloat32> values) {
    return switch (pass.options().precision()) {
      case FP32 -> values;
      case BF16 -> pass.tf().dtypes.cast(values, TBfloat16.class);
    };
  }

  /** {@code rows W + b} of factors, with the sum in float32, whose gradient is a sum of many. */
  static Operand<TFloat32> affine(Pass pass, Operand<?> rows, Operand<?> w, Affine affine) {
    return pass.tf()
        .nn
        .biasAdd(product(pass.tf(), rows, false, w, false), pass.read(affine.bias()));
  }

  /** The product of two factors, in float32. */
  static Operand<TFloat32> product(
      Ops tf, Operand<?> a, boolean transposeA, Operand<?> b, boolean transposeB) {
    return float32(
        tf, matMul(tf, a, b, MatMul.transposeA(transposeA), MatMul.transposeB(transposeB)));
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
        : tf.dtypes.cast(values, TFloat32.class);
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
