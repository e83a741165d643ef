package org.imageperformer.tfmodels.kernels;

import org.imageperformer.options.Labelled;

/** What a convolution finds beyond the edges of an image. */
public enum Edges implements Labelled {
  /** The opposite edge: the image is a torus. */
  CIRCULAR("circular"),
  /** Zeros: near the edges, a moved image then gets other values. */
  ZERO("zero");

  private final String label;

  Edges(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
