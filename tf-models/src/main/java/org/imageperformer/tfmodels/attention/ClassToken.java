package org.imageperformer.tfmodels.attention;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Where the class token stands among the tokens (models.md section 1). */
public enum ClassToken {
  FIRST,
  LAST;

  /**
   * The class token of each sequence.
   *
   * @param x [batch, tokens, features]
   * @return [batch, 1, features]
   */
  public Operand<TFloat32> of(Ops tf, Operand<TFloat32> x) {
    long tokens = x.shape().get(1);
    long features = x.shape().get(2);
    long index = this == FIRST ? 0 : tokens - 1;
    return tf.slice(
        x, tf.constant(new long[] {0, index, 0}), tf.constant(new long[] {-1, 1, features}));
  }
}
