package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The attention's probabilities in one chunk of queries, {@code softmax_(m, d)(content + position +
 * group)}.
 *
 * <p>Axes: n queries of the chunk, V output elements, G query elements, M key elements, D keys of a
 * query.
 */
sealed interface Probabilities permits DirectProbabilities, FactorisedProbabilities {

  /**
   * What the scores are made of, or their gradients.
   *
   * @param content [n, G, M, D]
   * @param position [n, G, V, D], minus infinity for keys outside of the image
   * @param group [n, V, G, M], or [n, 1, G, M] where it does not depend on the output element;
   *     empty when lifting
   */
  record Scores(
      Operand<TFloat32> content, Operand<TFloat32> position, Optional<Operand<TFloat32>> group) {}

  /** The sum over g of the probabilities after dropout, [n, V, M, D]. */
  Operand<TFloat32> summed();

  /**
   * The gradients by the scores.
   *
   * @param dSummed by {@link #summed}, [n, V, M, D]
   */
  Scores back(Operand<TFloat32> dSummed);
}
