package org.imageperformer.tfmodels.attention;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Products of matrices in the last two axes. */
final class Batched {

  private Batched() {}

  /**
   * Adds the product of each pair of matrices. BatchMatMulV2 is computed by oneDNN on CPUs where
   * the newer BatchMatMulV3, which the library's own method adds, is not.
   *
   * @param a [..., n, c]; [..., c, n] if transposed; leading axes are broadcast
   * @param b [..., c, m]; [..., m, c] if transposed
   * @return [..., n, m]
   */
  static Operand<TFloat32> product(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, boolean transposeA, boolean transposeB) {
    return tf.scope()
        .opBuilder("BatchMatMulV2", "BatchMatMulV2")
        .addInput(a.asOutput())
        .addInput(b.asOutput())
        .setAttr("adj_x", transposeA)
        .setAttr("adj_y", transposeB)
        .build()
        .output(0);
  }
}
