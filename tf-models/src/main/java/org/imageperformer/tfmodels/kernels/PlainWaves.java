package org.imageperformer.tfmodels.kernels;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/** The formulas. */
record PlainWaves(Pass pass) implements WaveKernels {

  @Override
  public Value convolve(Value x, Convolution of) {
    Ops tf = pass.tf();
    return pass.apply(
        x,
        pixels ->
            tf.nn.biasAdd(
                of.sums(tf, of.surround(tf, pixels), pass.read(of.kernel())),
                pass.read(of.bias())));
  }

  @Override
  public Value attend(Value q, Value k, Value v, WaveParameters of) {
    return pass.apply(q, k, v, (a, b, c) -> attend(a, b, c, of));
  }

  private Operand<TFloat32> attend(
      Operand<TFloat32> q, Operand<TFloat32> k, Operand<TFloat32> v, WaveParameters of) {
    Ops tf = pass.tf();
    WaveFeatures features = new WaveFeatures(pass, of);
    Operand<TFloat32> f = features.apply(q, true); // [b, H, L, 2P]
    Operand<TFloat32> g = features.apply(k, false);
    Operand<TFloat32> cos = table(of, Math::cos); // [L, P]
    Operand<TFloat32> sin = table(of, Math::sin);
    Operand<TFloat32> alpha = tf.expandDims(pass.read(of.alpha()), tf.constant(1)); // [H, 1, P]
    Operand<TFloat32> beta = tf.expandDims(pass.read(of.beta()), tf.constant(1));
    Operand<TFloat32> turnedCos = // C, [H, L, P]
        tf.math.sub(tf.math.mul(alpha, cos), tf.math.mul(beta, sin));
    Operand<TFloat32> turnedSin = tf.math.add(tf.math.mul(alpha, sin), tf.math.mul(beta, cos)); // S
    Operand<TFloat32> keyValues = // sum_j g'_j v_j^T, [b, H, 2P, h]
        Products.batched(tf, turned(g, cos, sin), v, true, false);
    Operand<TFloat32> numerator =
        Products.batched(tf, turned(f, turnedCos, turnedSin), keyValues, false, false);
    Operand<TFloat32> keySum = tf.sum(g, tf.constant(2), Sum.keepDims(true)); // [b, H, 1, 2P]
    Operand<TFloat32> denominator = // [b, H, L, 1]
        tf.math.add(Products.batched(tf, f, keySum, false, true), tf.constant(features.epsilon()));
    return tf.math.div(numerator, denominator);
  }

  /** Pairs (a, b) to (a cos - b sin, a sin + b cos). */
  private Operand<TFloat32> turned(
      Operand<TFloat32> x, Operand<TFloat32> cos, Operand<TFloat32> sin) {
    Ops tf = pass.tf();
    long pairs = x.shape().get(3) / 2;
    Operand<TFloat32> a = pairs(x, 0, pairs);
    Operand<TFloat32> b = pairs(x, pairs, pairs);
    return tf.concat(
        List.of(
            tf.math.sub(tf.math.mul(a, cos), tf.math.mul(b, sin)),
            tf.math.add(tf.math.mul(a, sin), tf.math.mul(b, cos))),
        tf.constant(3));
  }

  private Operand<TFloat32> pairs(Operand<TFloat32> x, long first, long count) {
    Ops tf = pass.tf();
    return tf.slice(
        x, Dims.of(tf, 0, 0, 0, first), Dims.of(tf, -1, x.shape().get(1), x.shape().get(2), count));
  }

  private Operand<TFloat32> table(WaveParameters of, DoubleUnaryOperator function) {
    float[] values = new float[of.angles().size() * of.pairs()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) function.applyAsDouble(of.angles().get(i / of.pairs())[i % of.pairs()]);
    }
    return pass.tf().constant(Shape.of(of.angles().size(), of.pairs()), DataBuffers.of(values));
  }
}
