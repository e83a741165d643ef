package org.imageperformer.training;

import org.imageperformer.options.Labelled;

/** Where the model is computed. */
public enum Device implements Labelled {
  /** The GPU if there is one. */
  AUTO("auto"),
  /** The CPU even if there is a GPU. */
  CPU("cpu"),
  /** The GPU; an error if there is none. */
  GPU("gpu");

  private final String label;

  Device(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
