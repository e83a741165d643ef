package org.imageperformer.tfmodels.kernels;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Hand-written backward passes and compiled loops. Of affine maps and GELU TensorFlow's graph
 * optimizer makes fast kernels itself in inference, from the plain form.
 */
final class FastKernels implements Kernels {

  private final Pass pass;
  private final Ops tf;
  private final PlainKernels plain;

  FastKernels(Pass pass) {
    this.pass = pass;
    this.tf = pass.tf();
    this.plain = new PlainKernels(pass);
  }

  /** With dx = dy W^T, dW = x^T dy, db = the sum of dy over rows. */
  @Override
  public Value dense(Value x, Affine affine) {
    if (!pass.training()) {
      return plain.dense(x, affine);
    }
    return dense(x, affine, Products.factor(pass, x.operand()));
  }

  private <T extends TNumber> Value dense(Value x, Affine affine, Operand<T> tokens) {
    // Each operand takes its form once, for the products on both ways.
    Operand<T> w = Products.as(Products.factor(pass, pass.read(affine.kernel())), tokens.type());
    Operand<T> rows = affine.rows(tf, tokens);
    long length = x.shape().get(1);
    return pass.record(
        Products.reshaped(
            tf, Products.affine(pass, rows, w, affine), -1, length, affine.bias().size()),
        (dOutput, gradients) -> {
          Operand<T> dy = // [batch * tokens, out]
              tf.reshape(
                  Products.as(Products.factor(pass, dOutput), tokens.type()),
                  Dims.of(tf, -1, affine.bias().size()));
          if (gradients.wants(x)) {
            gradients.add(
                x,
                Products.reshaped(
                    tf,
                    Products.matMul(tf, dy, w, MatMul.transposeB(true)),
                    -1,
                    length,
                    x.shape().get(2)));
          }
          gradients.add(
              affine.kernel(),
              Products.float32(tf, Products.matMul(tf, rows, dy, MatMul.transposeA(true))));
          gradients.add(affine.bias(), sumOfRows(dy));
        });
  }

  /** [n, out] to [out]. */
  private <T extends TNumber> Operand<TFloat32> sumOfRows(Operand<T> rows) {
    if (rows.type() == TFloat32.class) {
      return tf.nn.biasAddGrad(Products.as(rows, TFloat32.class));
    }
    // TensorFlow's own sums of bfloat16 are slow, and rounded at every step.
    Operand<T> ones = // [1, n]
        tf.fill(
            tf.stack(
                List.of(tf.constant(1), tf.gather(tf.shape(rows), tf.constant(0), tf.constant(0)))),
            tf.dtypes.cast(tf.constant(1f), rows.type()));
    return Products.float32(
        tf, tf.reshape(Products.matMul(tf, ones, rows), Dims.of(tf, rows.shape().get(1))));
  }

  @Override
  public Value layerNorm(Value x, Weight scale, Weight offset) {
    return pass.training()
        ? FastLayerNorm.apply(pass, x, scale, offset)
        : plain.layerNorm(x, scale, offset);
  }

  @Override
  public Value dropout(Value x, DropoutMask mask) {
    if (!mask.active(pass)) {
      return x;
    }
    Operand<TInt32> key = mask.key(pass, tf.size(x.operand()));
    String name = "dropout_" + mask.rate();
    BiFunction<Ops, Inputs, Operand<TFloat32>> masked =
        (inner, in) -> mask.apply(inner, in.get("x"), in.int32("key"));
    return pass.record(
        pass.compiled().callOne(tf, name, Map.of("x", x.operand(), "key", key), masked),
        (dOutput, gradients) ->
            gradients.add(
                x, Products.compiledFactor(pass, name, Map.of("x", dOutput, "key", key), masked)));
  }

  @Override
  public Value feedForward(Value x, Affine expand, DropoutMask mask, Affine contract) {
    return pass.training()
        ? dense(FastGelu.apply(pass, dense(x, expand), mask), contract)
        : plain.feedForward(x, expand, mask, contract);
  }

  @Override
  public Value attend(RandomFeatures phi, Value q, Value k, Value v) {
    return FastRandomFeatures.attend(pass, phi, q, k, v);
  }

  @Override
  public Value compare(RandomFeatures phi, Value q, Value table) {
    return FastRandomFeatures.compare(pass, phi, q, plain.ofTable(phi, table));
  }

  @Override
  public Value weightedRings(Rings rings, Value weights, Value v) {
    return new FastRings(pass, rings, v).weightedSum(weights);
  }
}
