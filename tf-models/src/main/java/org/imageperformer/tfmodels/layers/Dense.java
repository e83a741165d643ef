package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * Affine map of the last axis, {@code x W + b}. Kernel and bias start uniform in +-1/sqrt(in)
 * (models.md section 5).
 */
public final class Dense {

  private final Weight kernel;
  private final Weight bias;
  private final int in;
  private final int out;

  /** Creates {@code name/kernel} [in, out] and {@code name/bias} [out]. */
  public Dense(Weights weights, String name, int in, int out) {
    this(weights, name, in, out, Initializer.uniform(in), Initializer.uniform(in));
  }

  /** The same with other initial values. */
  public Dense(
      Weights weights,
      String name,
      int in,
      int out,
      Initializer kernelValues,
      Initializer biasValues) {
    this.in = in;
    this.out = out;
    this.kernel = weights.trained(name + "/kernel", kernelValues, in, out);
    this.bias = weights.trained(name + "/bias", biasValues, out);
  }

  /** [in, out]. */
  public Weight kernel() {
    return kernel;
  }

  /** [out]. */
  public Weight bias() {
    return bias;
  }

  /**
   * Adds the map to the graph.
   *
   * @param x [batch, tokens, in]
   * @return [batch, tokens, out]
   */
  public Value apply(Pass pass, Value x) {
    return pass.fast() && pass.training()
        ? fast(pass, x)
        : pass.apply(x, tokens -> apply(pass, tokens));
  }

  /**
   * Adds the map inside a function that {@link Pass#apply} differentiates.
   *
   * @param x [batch, tokens, in]
   * @return [batch, tokens, out]
   */
  Operand<TFloat32> apply(Pass pass, Operand<TFloat32> x) {
    Ops tf = pass.tf();
    Operand<? extends TNumber> rows = factor(pass, rows(tf, x));
    return tokens(
        tf,
        pass.training()
            ? affine(pass, rows, factor(pass, pass.read(kernel)))
            : float32(tf, infer(pass, rows)),
        x);
  }

  /** With the sum in float32, whose gradient is a sum over many rows. */
  private Operand<TFloat32> affine(Pass pass, Operand<?> rows, Operand<?> w) {
    return pass.tf().nn.biasAdd(product(pass.tf(), rows, false, w, false), pass.read(bias));
  }

  /**
   * Adds the map to a pass for inference, in the precision of products throughout: with no cast
   * between product, bias and activation, TensorFlow's graph optimizer makes them one kernel, which
   * rounds once, at its end.
   *
   * @param rows [rows, in], a {@linkplain #factor factor}
   * @return [rows, out], the same
   */
  <T extends TNumber> Operand<T> infer(Pass pass, Operand<T> rows) {
    Ops tf = pass.tf();
    return tf.nn.biasAdd(
        matMul(tf, rows, factor(pass, pass.read(kernel))),
        as(factor(pass, pass.read(bias)), rows.type()));
  }

  /** [batch, tokens, in] to [batch * tokens, in]. */
  Operand<TFloat32> rows(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, Dims.of(tf, -1, in));
  }

  /** [batch * tokens, out] to [batch, tokens, out], with the tokens of {@code like}. */
  Operand<TFloat32> tokens(Ops tf, Operand<TFloat32> rows, Operand<TFloat32> like) {
    return tf.reshape(rows, Dims.of(tf, -1, like.shape().get(1), out));
  }

  /** With a hand-written backward pass: dx = dy W^T, dW = x^T dy, db = the sum of dy over rows. */
  private Value fast(Pass pass, Value x) {
    Ops tf = pass.tf();
    // Each operand takes its form once, for the products on both ways.
    Operand<?> w = factor(pass, pass.read(kernel));
    Operand<?> rows = factor(pass, rows(tf, x.operand()));
    return pass.record(
        tokens(tf, affine(pass, rows, w), x.operand()),
        (dOutput, gradients) -> {
          Operand<TFloat32> dy = tf.reshape(dOutput, Dims.of(tf, -1, out)); // [batch * tokens, out]
          Operand<?> dyFactor = factor(pass, dy);
          if (gradients.wants(x)) {
            gradients.add(
                x,
                tf.reshape(
                    product(tf, dyFactor, false, w, true),
                    Dims.of(tf, -1, x.operand().shape().get(1), in)));
          }
          gradients.add(kernel, product(tf, rows, true, dyFactor, false));
          gradients.add(bias, tf.nn.biasAddGrad(dy));
        });
  }

  /** A matrix or a bias in the precision of products. */
  static Operand<? extends TNumber> factor(Pass pass, Operand<TFloat32> values) {
    return switch (pass.options().precision()) {
      case FP32 -> values;
      case BF16 -> pass.tf().dtypes.cast(values, TBfloat16.class);
    };
  }

  /** The product of two factors, in float32. */
  private static Operand<TFloat32> product(
      Ops tf, Operand<?> a, boolean transposeA, Operand<?> b, boolean transposeB) {
    return float32(
        tf, matMul(tf, a, b, MatMul.transposeA(transposeA), MatMul.transposeB(transposeB)));
  }

  private static <T extends TType> Operand<T> matMul(
      Ops tf, Operand<T> a, Operand<?> b, MatMul.Options... transposed) {
    return tf.linalg.matMul(a, as(b, a.type()), transposed);
  }

  @SuppressWarnings("unchecked") // As was asked just before.
  private static <T extends TType> Operand<T> as(Operand<?> factor, Class<T> type) {
    if (factor.type() != type) {
      throw new IllegalArgumentException(
          "expected " + type.getSimpleName() + ", found " + factor.type().getSimpleName());
    }
    return (Operand<T>) factor;
  }

  /** A product or factor in float32. */
  static Operand<TFloat32> float32(Ops tf, Operand<?> values) {
    return values.type() == TFloat32.class
        ? as(values, TFloat32.class)
        : tf.dtypes.cast(values, TFloat32.class);
  }
}
