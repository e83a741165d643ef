package org.imageperformer.training;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where the model is computed. */
public enum Device {
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

  /** The value on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The device of that label.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static Device of(String label) {
    for (Device value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    String known = Arrays.stream(values()).map(Device::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown device '" + label + "'; known: " + known);
  }
}
