package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * {@code Dense_d(Dropout(GELU(Dense_4d(LayerNorm(x)))))} with the exact GELU (models.md section 2).
 */
public final class FeedForward {

  private final LayerNorm norm;
  private final Dense expand;
  private final Dropout dropout;
  private final Dense contract;

  /** Creates the weights {@code name/norm}, {@code name/expand} and {@code name/contract}. */
  public FeedForward(Weights weights, String name, int dim, double dropoutRate) {
    this.norm = new LayerNorm(weights, name + "/norm", dim);
    this.expand = new Dense(weights, name + "/expand", dim, 4 * dim);
    this.dropout = new Dropout(name, dropoutRate);
    this.contract = new Dense(weights, name + "/contract", 4 * dim, dim);
  }

  /**
   * Adds it to the graph.
   *
   * @param x [batch, tokens, dim]
   * @return the same shape
   */
  public Value apply(Pass pass, Value x) {
    Value normalized = norm.apply(pass, x);
    if (!pass.training()) {
      return pass.apply(normalized, tokens -> infer(pass, tokens));
    }
    Value hidden = expand.apply(pass, normalized);
    return contract.apply(pass, activate(pass, hidden));
  }

  /**
   * Without dropout, on rows throughout: nothing then stands between the first product and the
   * GELU, and TensorFlow's graph optimizer makes them one kernel.
   */
  private Operand<TFloat32> infer(Pass pass, Operand<TFloat32> x) {
    Operand<? extends TNumber> rows = Dense.factor(pass, expand.rows(pass.tf(), x));
    return contract.tokens(pass.tf(), Dense.float32(pass.tf(), inferRows(pass, rows)), x);
  }

  private <T extends TNumber> Operand<T> inferRows(Pass pass, Operand<T> rows) {
    return contract.infer(pass, gelu(pass.tf(), expand.infer(pass, rows)));
  }

  private Value activate(Pass pass, Value hidden) {
    return pass.fast() && pass.training()
        ? CompiledGelu.apply(pass, hidden, dropout)
        : dropout.apply(pass, pass.apply(hidden, h -> gelu(pass.tf(), h)));
  }

  /** x times the standard normal distribution function of x. */
  static <T extends TNumber> Operand<T> gelu(Ops tf, Operand<T> x) {
    Operand<T> erf = tf.math.erf(tf.math.mul(x, constant(tf, Math.sqrt(0.5), x)));
    Operand<T> sum = Arithmetic.add(tf, erf, constant(tf, 1, x));
    return tf.math.mul(tf.math.mul(sum, constant(tf, 0.5, x)), x);
  }

  private static <T extends TNumber> Operand<T> constant(Ops tf, double value, Operand<T> like) {
    return tf.dtypes.cast(tf.constant((float) value), like.type());
  }

  /** Work on so many tokens. */
  public long multiplyAdds(long tokens) {
    return expand.multiplyAdds(tokens) + contract.multiplyAdds(tokens);
  }
}
