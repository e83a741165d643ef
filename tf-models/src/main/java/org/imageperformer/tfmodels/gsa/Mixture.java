package org.imageperformer.tfmodels.gsa;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Sums of products of the factors of {@link FactorisedProbabilities}, for each query and each of
 * its keys, with the dropout factor F(n, v, g, m, d) in each product, or without.
 */
sealed interface Mixture permits ProductMixture, CompiledMixture {

  /**
   * {@code sum_g F y_(g, v, d) x_(g, m, d)}.
   *
   * @param y [n, G, V, D]
   * @param x [n, G, M, D]
   * @return [n, V, M, D]
   */
  Operand<TFloat32> overQueries(Operand<TFloat32> y, Operand<TFloat32> x);

  /**
   * {@code sum_m F x_(g, m, d) a_(v, m, d)}.
   *
   * @param x [n, G, M, D]
   * @param a [n, V, M, D]
   * @return [n, G, V, D]
   */
  Operand<TFloat32> overKeys(Operand<TFloat32> x, Operand<TFloat32> a);

  /**
   * {@code sum_v F y_(g, v, d) a_(v, m, d)}.
   *
   * @param y [n, G, V, D]
   * @param a [n, V, M, D]
   * @return [n, G, M, D]
   */
  Operand<TFloat32> overOutputs(Operand<TFloat32> y, Operand<TFloat32> a);
}
