package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.kernels.Products;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** {@link Mixture} without dropout: a product of small matrices for each query and key. */
final class ProductMixture implements Mixture {

  private final Ops tf;

  ProductMixture(Ops tf) {
    this.tf = tf;
  }

  @Override
  public Operand<TFloat32> overQueries(Operand<TFloat32> y, Operand<TFloat32> x) {
    return keysLast(Products.batched(tf, keysFirst(y), keysFirst(x), true, false));
  }

  @Override
  public Operand<TFloat32> overKeys(Operand<TFloat32> x, Operand<TFloat32> a) {
    return keysLast(Products.batched(tf, keysFirst(x), keysFirst(a), false, true));
  }

  @Override
  public Operand<TFloat32> overOutputs(Operand<TFloat32> y, Operand<TFloat32> a) {
    return keysLast(Products.batched(tf, keysFirst(y), keysFirst(a), false, false));
  }

  /** [n, A, B, D] to [n, D, A, B]. */
  private Operand<TFloat32> keysFirst(Operand<TFloat32> x) {
    return tf.linalg.transpose(x, tf.constant(new int[] {0, 3, 1, 2}));
  }

  /** [n, D, A, B] to [n, A, B, D]. */
  private Operand<TFloat32> keysLast(Operand<TFloat32> x) {
    return tf.linalg.transpose(x, tf.constant(new int[] {0, 2, 3, 1}));
  }
}
