package org.imageperformer.tfmodels.attention;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Widened;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Between features of tokens and heads. */
final class Heads {

  private Heads() {}

  /** [b, L, H * h] to [b, H, L, h]. */
  static Value split(Pass pass, Value x, int heads) {
    Ops tf = pass.tf();
    return pass.record(
        split(tf, x.operand(), heads),
        (dOutput, gradients) -> gradients.add(x, merge(tf, dOutput)));
  }

  /** [b, H, L, h] to [b, L, H * h]. */
  static Value merge(Pass pass, Value x) {
    Ops tf = pass.tf();
    int heads = Math.toIntExact(x.operand().shape().get(1));
    return pass.record(
        merge(tf, x.operand()),
        (dOutput, gradients) -> gradients.add(x, split(tf, dOutput, heads)));
  }

  /** [b, L, H * h] to [b, H, L, h]. */
  static Operand<TFloat32> split(Ops tf, Operand<TFloat32> x, int heads) {
    Optional<Operand<TBfloat16>> narrow = Widened.origin(x);
    return narrow.isPresent()
        ? Widened.of(tf, moved(tf, narrow.get(), heads))
        : moved(tf, x, heads);
  }

  private static <T extends TType> Operand<T> moved(Ops tf, Operand<T> x, int heads) {
    long tokens = x.shape().get(1);
    long features = x.shape().get(2);
    return tf.linalg.transpose(
        tf.reshape(x, Dims.of(tf, -1, tokens, heads, features / heads)), Dims.of(tf, 0, 2, 1, 3));
  }

  /** [b, H, L, h] to [b, L, H * h]. */
  static Operand<TFloat32> merge(Ops tf, Operand<TFloat32> x) {
    Optional<Operand<TBfloat16>> narrow = Widened.origin(x);
    return narrow.isPresent() ? Widened.of(tf, movedBack(tf, narrow.get())) : movedBack(tf, x);
  }

  private static <T extends TType> Operand<T> movedBack(Ops tf, Operand<T> x) {
    long heads = x.shape().get(1);
    long tokens = x.shape().get(2);
    long features = x.shape().get(3);
    return tf.reshape(
        tf.linalg.transpose(x, Dims.of(tf, 0, 2, 1, 3)), Dims.of(tf, -1, tokens, heads * features));
  }
}
