package org.imageperformer.tfmodels.graph;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** Shapes, axes and slice bounds as operands. */
public final class Dims {

  private Dims() {}

  /** A vector of int32: the gradients of slices exist for no other type. */
  public static Operand<TInt32> of(Ops tf, long... values) {
    return tf.constant(Arrays.stream(values).mapToInt(Math::toIntExact).toArray());
  }
}
