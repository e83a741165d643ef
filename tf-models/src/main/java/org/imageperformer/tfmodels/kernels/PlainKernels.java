package org.imageperformer.tfmodels.kernels;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** The definition: formulas, which {@code addGradients} differentiates. */
final class PlainKernels implements Kernels {

  private final Pass pass;
  private final Ops tf;

  PlainKernels(Pass pass) {
    this.pass = pass;
    this.tf = pass.tf();
  }

  @Override
  public Value dense(Value x, Affine affine) {
    return pass.apply(
        x,
        tokens ->
            affine.tokens(
                tf,
                pass.training()
                    // With the sum in float32, as its gradient is a sum of many.
                    ? tf.nn.biasAdd(
                        Products.float32(tf, product(rows(tokens, affine), affine)),
                        pass.read(affine.bias()))
                    : sum(rows(tokens, affine), affine),
                tokens));
  }

  private Operand<? extends TNumber> rows(Operand<TFloat32> tokens, Affine affine) {
    return affine.rows(tf, Products.factor(pass, tokens));
  }

  private <T extends TNumber> Operand<T> product(Operand<T> rows, Affine affine) {
    return Products.matMul(tf, rows, Products.factor(pass, pass.read(affine.kernel())));
  }

  private <T extends TNumber> Operand<T> sum(Operand<T> rows, Affine affine) {
    return Products.affine(pass, rows, Products.factor(pass, pass.read(affine.kernel())), affine);
  }

  /**
   * Not as {@code x r + (b - m r)}: TensorFlow's graph optimizer would put oneDNN's kernel in its
   * place, which computes with an epsilon of 0.001 whatever the graph says.
   */
  @Override
  public Value layerNorm(Value x, Weight scale, Weight offset) {
    return pass.apply(
        x,
        tokens -> {
          Operand<TFloat32> centered = tf.math.sub(tokens, mean(tokens));
          Operand<TFloat32> variance = mean(tf.math.square(centered));
          Operand<TFloat32> inverse =
              tf.math.rsqrt(Arithmetic.add(tf, variance, tf.constant(LAYER_NORM_EPSILON)));
          return Arithmetic.add(
              tf, pass.read(offset), tf.math.mul(centered, tf.math.mul(inverse, pass.read(scale))));
        });
  }

  private Operand<TFloat32> mean(Operand<TFloat32> x) {
    return tf.math.mean(x, Dims.of(tf, -1), Mean.keepDims(true));
  }

  @Override
  public Value dropout(Value x, DropoutMask mask) {
    if (!mask.active(pass)) {
      return x;
    }
    Operand<TInt32> key = mask.key(pass, tf.size(x.operand()));
    return pass.apply(x, values -> mask.apply(tf, values, key));
  }

  @Override
  public Value feedForward(Value x, Affine expand, DropoutMask mask, Affine contract) {
    if (pass.training()) {
      Value activated = pass.apply(dense(x, expand), hidden -> Gelu.of(tf, hidden));
      return dense(dropout(activated, mask), contract);
    }
    // On rows throughout: nothing then stands between the first product and the GELU, and
    // TensorFlow's graph optimizer makes them one kernel.
    return pass.apply(
        x, tokens -> contract.tokens(tf, infer(rows(tokens, expand), expand, contract), tokens));
  }

  private <T extends TNumber> Operand<T> infer(Operand<T> rows, Affine expand, Affine contract) {
    return sum(Gelu.of(tf, sum(rows, expand)), contract);
  }

  @Override
  public Value attend(RandomFeatures phi, Value q, Value k, Value v) {
    return pass.apply(
        q,
        k,
        v,
        (queries, keys, values) -> {
          Operand<TFloat32> phiQ = ofQueries(phi, queries); // [b, H, Q, m]
          Operand<TFloat32> phiK = ofKeys(phi, keys); // [b, H, L, m]
          Operand<TFloat32> keySum = // [b, H, 1, m]
              tf.sum(phiK, Dims.of(tf, 2), Sum.keepDims(true));
          Operand<TFloat32> keyValues = // [b, H, m, h]
              tf.train.batchMatMul(phiK, values, TFloat32.class, BatchMatMul.adjX(true));
          return tf.math.div(
              tf.train.batchMatMul(phiQ, keyValues, TFloat32.class), // [b, H, Q, h]
              tf.train.batchMatMul( // [b, H, Q, 1]
                  phiQ, keySum, TFloat32.class, BatchMatMul.adjY(true)));
        });
  }

  @Override
  public Value compare(RandomFeatures phi, Value q, Value table) {
    return pass.apply(
        q,
        ofTable(phi, table),
        (queries, rows) -> Products.withRows(tf, ofQueries(phi, queries), rows));
  }

  /** Features of a table of keys, [keys, w], which counts as one image and head: [keys, m]. */
  Value ofTable(RandomFeatures phi, Value table) {
    return pass.apply(
        table,
        rows -> {
          Operand<TFloat32> keys = // [1, 1, keys, w]
              tf.expandDims(tf.expandDims(rows, tf.constant(0)), tf.constant(0));
          return tf.squeeze(ofKeys(phi, keys), Squeeze.axis(List.of(0L, 1L)));
        });
  }

  private Operand<TFloat32> ofQueries(RandomFeatures phi, Operand<TFloat32> q) {
    return features(phi, q, 3);
  }

  private Operand<TFloat32> ofKeys(RandomFeatures phi, Operand<TFloat32> k) {
    return phi.acrossBatch() ? features(phi, k, 0, 1, 2, 3) : features(phi, k, 2, 3);
  }

  private Operand<TFloat32> features(RandomFeatures phi, Operand<TFloat32> x, int... maximumAxes) {
    Operand<TFloat32> scaled = // w^(-1/4) x
        tf.math.mul(x, tf.constant((float) Math.pow(phi.width(), -0.25)));
    Operand<TFloat32> projected = Products.withRows(tf, scaled, pass.read(phi.projection()));
    Operand<TFloat32> halfSquare = // |x|^2 / (2 sqrt(w))
        tf.math.mul(
            tf.sum(tf.math.square(scaled), Dims.of(tf, 3), Sum.keepDims(true)), tf.constant(0.5f));
    Operand<TFloat32> largest =
        tf.reduceMax(projected, tf.constant(maximumAxes), ReduceMax.keepDims(true));
    return tf.math.add(
        tf.math.exp(tf.math.sub(tf.math.sub(projected, halfSquare), largest)),
        tf.constant(RandomFeatures.EPSILON));
  }

  @Override
  public Value weightedRings(Rings rings, Value weights, Value v) {
    return pass.apply(
        weights,
        v,
        (w, values) -> {
          Operand<TFloat32> byRing = // [b, g, R, p, 1]
              tf.expandDims(tf.linalg.transpose(w, Dims.of(tf, 0, 1, 3, 2)), tf.constant(4));
          return tf.sum(tf.math.mul(byRing, RingSums.around(tf, rings, values)), tf.constant(2));
        });
  }
}
