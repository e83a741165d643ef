package org.imageperformer.tfmodels.kernels;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Operations that the library offers in an older version only. */
final class Arithmetic {

  private Arithmetic() {}

  /**
   * Adds a broadcasting sum. TensorFlow's graph optimizer replaces a whole GELU by one kernel only
   * where sums are of this type.
   */
  static <T extends TNumber> Operand<T> add(Ops tf, Operand<T> a, Operand<T> b) {
    return tf.scope()
        .opBuilder("AddV2", "AddV2")
        .addInput(a.asOutput())
        .addInput(b.asOutput())
        .build()
        .output(0);
  }
}
