package org.imageperformer.tfmodels.attention;

import org.imageperformer.options.Labelled;

/** How the pixels' queries and keys become positive features (docs/equivariant.md, section 1). */
public enum PixelFeatures implements Labelled {
  /** elu(x) + 1 of each component. */
  ELU("elu"),
  /** Random features of the softmax kernel. */
  FAVOR("favor");

  private final String label;

  PixelFeatures(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /**
   * The number of features of a head, even.
   *
   * @param headDim components of a query or key
   * @param wanted random features; 0 for the usual number, floor(w ln w)
   */
  public int count(int headDim, int wanted) {
    int count =
        switch (this) {
          case ELU -> headDim;
          case FAVOR -> wanted > 0 ? wanted : RandomFeatureKernel.features(headDim);
        };
    return count - count % 2;
  }
}
