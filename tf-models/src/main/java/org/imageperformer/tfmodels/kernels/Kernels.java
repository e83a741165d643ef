package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;

/** Blocks that many models share, added to one pass. */
public interface Kernels {

  /** Added to the variance by {@link #layerNorm}. */
  float LAYER_NORM_EPSILON = 1e-5f;

  /** Those that the pass takes. */
  static Kernels of(Pass pass) {
    return pass.choose(new PlainKernels(pass), new FastKernels(pass));
  }

  /**
   * {@code x W + b}.
   *
   * @param x [batch, tokens, in]
   * @return [batch, tokens, out]
   */
  Value dense(Value x, Affine affine);

  /**
   * {@code (x - mean) / sqrt(variance + 1e-5) * scale + offset} over the last axis (models.md
   * section 2).
   *
   * @param x [batch, tokens, features]
   * @param scale [features]
   * @param offset [features]
   * @return the same shape
   */
  Value layerNorm(Value x, Weight scale, Weight offset);

  /** The masked values in training, and {@code x} itself in inference. */
  Value dropout(Value x, DropoutMask mask);

  /**
   * An affine map, the exact GELU, dropout, and another affine map (models.md section 2).
   *
   * @param x [batch, tokens, in]
   * @return [batch, tokens, out]
   */
  Value feedForward(Value x, Affine expand, DropoutMask mask, Affine contract);

  /**
   * Attention with random features, {@code out_i = sum_j phi(q_i).phi(k_j) v_j / sum_j
   * phi(q_i).phi(k_j)} (models.md section 3).
   *
   * @param q [batch, heads, queries, width]
   * @param k [batch, heads, tokens, width]
   * @param v [batch, heads, tokens, features]
   * @return [batch, heads, queries, features]
   */
  Value attend(RandomFeatures phi, Value q, Value k, Value v);

  /**
   * Products {@code phi(q_i).phi(k_j)} with a table of keys, which counts as one image and head.
   *
   * @param q [batch, heads, queries, width]
   * @param table [keys, width]
   * @return [batch, heads, queries, keys]
   */
  Value compare(RandomFeatures phi, Value q, Value table);

  /**
   * {@code sum_r w_r(i) S_r(i)} around every pixel i, {@code S_r(i)} the sum of the v_j at
   * Manhattan distance exactly r of i (models.md section 4).
   *
   * @param weights [batch, heads, pixels, rings]
   * @param v [batch, heads, pixels, features]
   * @return [batch, heads, pixels, features]
   */
  Value weightedRings(Rings rings, Value weights, Value v);
}
