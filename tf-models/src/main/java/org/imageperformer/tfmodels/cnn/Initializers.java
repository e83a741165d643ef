package org.imageperformer.tfmodels.cnn;

import org.imageperformer.tfmodels.graph.Initializer;

/** Initial values of convolutions. */
final class Initializers {

  private Initializers() {}

  /** Normal with variance 2 / fan_out, fan_out the output channels times the kernel's area. */
  static Initializer byFanOut(int size, int out) {
    return Initializer.normal(0, Math.sqrt(2.0 / ((double) size * size * out)));
  }
}
