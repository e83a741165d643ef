package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Dims;
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
    return tf.slice(x, Dims.of(tf, 0, index, 0), Dims.of(tf, -1, 1, features));
  }
}
