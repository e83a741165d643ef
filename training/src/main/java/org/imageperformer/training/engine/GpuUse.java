package org.imageperformer.training.engine;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** What a graph may take of a GPU. */
public enum GpuUse {
  /** Nothing: everything is computed on the processor. */
  NONE,
  /** Memory as it is needed, so that others can use the card too. */
  GROWING,
  /** All of the card's memory at once, which cannot fragment. */
  WHOLE;

  /** The part of a session's configuration that says so. */
  ConfigProto configuration() {
    ConfigProto.Builder config = ConfigProto.newBuilder();
    return switch (this) {
      // Without a count of 0 a session takes memory of every card that it sees.
      case NONE -> config.putDeviceCount("GPU", 0).build();
      case GROWING -> config.setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true)).build();
      case WHOLE -> config.setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(false)).build();
    };
  }
}
