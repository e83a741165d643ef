package org.imageperformer.tfmodels.graph;

/**
 * How a pass computes; what it computes is the same in all of them up to rounding.
 *
 * @param kernels the plain definition, or the hand-written fast blocks
 * @param precision of the two-dimensional matrix products
 */
public record PassOptions(Kernels kernels, Precision precision) {

  /** Which implementation of the blocks a pass takes. */
  public enum Kernels {
    /** Ordinary operations differentiated by {@code addGradients}: the definition. */
    PLAIN,
    /** Fused forward and hand-written backward passes. */
    FAST
  }

  /**
   * Precision of the two-dimensional matrix products and of what fast kernels hand to them and take
   * from them; everything else is float32.
   */
  public enum Precision {
    FP32,
    BF16
  }

  /** The definition, in float32. */
  public static final PassOptions PLAIN = new PassOptions(Kernels.PLAIN, Precision.FP32);
}
