package org.imageperformer.tfmodels.graph;

import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * Tensors of bfloat16 among values of float32: what computes in bfloat16 gives its result widened,
 * which is exact, and what can read bfloat16 takes what was widened. So kernels need not know of
 * each other, and a cast that nobody reads is never computed.
 */
public final class Widened {

  private Widened() {}

  /** Adds the widening, in the same shape. */
  public static Operand<TFloat32> of(Ops tf, Operand<TBfloat16> narrow) {
    return tf.dtypes.cast(narrow, TFloat32.class);
  }

  /** What the tensor was widened from, if it was. */
  public static Optional<Operand<TBfloat16>> origin(Operand<?> values) {
    if (values.op() instanceof GraphOperation operation
        && operation.type().equals("Cast")
        && values.type() == TFloat32.class
        && operation.input(0).type() == TBfloat16.class) {
      return Optional.of(operation.input(0).expect(TBfloat16.class));
    }
    return Optional.empty();
  }
}
