package org.imageperformer.tfmodels.attention;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Kernels;
import org.imageperformer.tfmodels.kernels.RandomFeatures;

/**
 * FAVOR+ (models.md section 3): {@code K(q, k) = phi(q).phi(k)} with positive {@linkplain
 * RandomFeatures random features}, m of them, so that attention costs O(L m h) and no matrix of
 * tokens by tokens is ever formed. L are the tokens, w the width of queries and keys, h of values.
 */
public final class RandomFeatureKernel implements AttentionKernel {

  private final RandomFeatures phi;

  /**
   * Creates the random projection {@code name/projection} [m, width].
   *
   * @param features m; {@link #features(int)} is the usual number
   */
  public RandomFeatureKernel(
      Weights weights, String name, int width, int features, KeyStabilizer stabilizer) {
    this.phi =
        new RandomFeatures(
            weights.randomFeatures(
                name + "/projection", new OrthogonalFeatures(width), features, width),
            stabilizer == KeyStabilizer.BATCH);
  }

  /** The usual number of random features for a width, floor(w ln w). */
  public static int features(int width) {
    return (int) Math.floor(width * Math.log(width));
  }

  /** P, [m, w]. */
  public Weight projection() {
    return phi.projection();
  }

  @Override
  public Value attend(Pass pass, Value q, Value k, Value v) {
    return Kernels.of(pass).attend(phi, q, k, v);
  }

  @Override
  public Value compare(Pass pass, Value q, Value table) {
    return Kernels.of(pass).compare(phi, q, table);
  }
}
