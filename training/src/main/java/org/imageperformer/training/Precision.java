package org.imageperformer.training;

import org.imageperformer.options.Labelled;

/** The numbers that matrix products are computed with. */
public enum Precision implements Labelled {
  /** 32-bit floating point throughout. */
  FP32("fp32"),
  /** Products of NVIDIA's tensor cores with factors of 19 bits; everything else in 32 bits. */
  TF32("tf32"),
  /**
   * Two-dimensional matrix products in bfloat16 with what goes in and comes out of them: bias,
   * GELU, dropout, LayerNorm, on the way back also the products by random features. Weights, sums
   * and what is left of attention have 32 bits.
   */
  BF16("bf16");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
