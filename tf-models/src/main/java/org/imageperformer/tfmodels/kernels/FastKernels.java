package org.imageperformer.tfmodels.kernels;

import java.util.Map;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

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
    // Each operand takes its form once, for the products on both ways.
    Operand<?> w = Products.factor(pass, pass.read(affine.kernel()));
    Operand<?> rows = Products.factor(pass, affine.rows(tf, x.operand()));
    return pass.record(
        affine.tokens(tf, Products.affine(pass, rows, w, affine), x.operand()),
        (dOutput, gradients) -> {
          Operand<TFloat32> dy = // [batch * tokens, out]
              tf.reshape(dOutput, Dims.of(tf, -1, affine.bias().size()));
          Operand<?> dyFactor = Products.factor(pass, dy);
          if (gradients.wants(x)) {
            gradients.add(
                x,
                tf.reshape(
                    Products.product(tf, dyFactor, false, w, true),
                    Dims.of(tf, -1, x.shape().get(1), x.shape().get(2))));
          }
          gradients.add(affine.kernel(), Products.product(tf, rows, true, dyFactor, false));
          gradients.add(affine.bias(), tf.nn.biasAddGrad(dy));
        });
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
    return pass.record(
        masked(x.operand(), mask, key),
        (dOutput, gradients) -> gradients.add(x, masked(dOutput, mask, key)));
  }

  private Operand<TFloat32> masked(Operand<TFloat32> x, DropoutMask mask, Operand<TInt32> key) {
    return pass.compiled()
        .callOne(
            tf,
            "dropout_" + mask.rate(),
            Map.of("x", x, "key", key),
            (inner, in) -> mask.apply(inner, in.get("x"), in.int32("key")));
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
