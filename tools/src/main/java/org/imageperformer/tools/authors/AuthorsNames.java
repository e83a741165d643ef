package org.imageperformer.tools.authors;

import java.util.List;
import java.util.function.UnaryOperator;
import org.imageperformer.tfmodels.graph.Weight;

/** How a published program stores the weights of its models: names, shapes and layouts. */
interface AuthorsNames {

  /**
   * One of our weights there.
   *
   * @param names that it may have, the usual one first
   * @param shapes that it may have, the usual one first
   * @param ours from its row-major values to ours
   */
  record Stored(List<String> names, List<int[]> shapes, UnaryOperator<float[]> ours) {}

  /** Where the values of one of our weights are. */
  Stored stored(Weight weight);

  /** Whether a tensor may be there that says nothing about the function of the model. */
  boolean ignores(String tensor);
}
