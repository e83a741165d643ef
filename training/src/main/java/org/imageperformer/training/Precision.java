package org.imageperformer.training;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The numbers that matrix products are computed with. */
public enum Precision {
  /** 32-bit floating point throughout. */
  FP32("fp32"),
  /** Products of NVIDIA's tensor cores with factors of 19 bits; everything else in 32 bits. */
  TF32("tf32"),
  /**
   * Two-dimensional matrix products in bfloat16, everything else in 32 bits; in inference also the
   * bias and GELU that follow them.
   */
  BF16("bf16");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The precision of that label.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static Precision of(String label) {
    for (Precision value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    String known = Arrays.stream(values()).map(Precision::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown precision '" + label + "'; known: " + known);
  }
}
