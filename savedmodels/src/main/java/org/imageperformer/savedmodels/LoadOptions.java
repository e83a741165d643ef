package org.imageperformer.savedmodels;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * How a SavedModel is run.
 *
 * @param device where
 * @param threads chunks of images predicted at the same time, 1 or more
 * @param compiled whether a model that comes with functions for it (assets.extra/compiled.pb)
 *     compiles them on the processor: the first prediction then takes some seconds more, and every
 *     later one less
 */
public record LoadOptions(Device device, int threads, boolean compiled) {

  /** Where a model is run. */
  public enum Device {
    /** The processor, also when an accelerator is there. */
    CPU,
    /** The accelerator, for every operation that can run there. */
    GPU
  }

  /** Checks the number of threads. */
  public LoadOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads should be 1 or more, found " + threads);
    }
  }

  /** Returns the processor with all its cores. */
  public static LoadOptions cpu() {
    return cpu(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the processor with so many cores.
   *
   * @param threads cores to use, 1 or more
   */
  public static LoadOptions cpu(int threads) {
    return new LoadOptions(Device.CPU, threads, true);
  }

  /** Returns the accelerator; two threads, so that one copies images while the other computes. */
  public static LoadOptions gpu() {
    return new LoadOptions(Device.GPU, 2, true);
  }

  /** Returns the same for a few images, for which nothing is compiled. */
  public LoadOptions withoutCompiling() {
    return new LoadOptions(device, threads, false);
  }

  /** Returns what a session is given that runs a model so. */
  public ConfigProto configuration() {
    ConfigProto.Builder config = ConfigProto.newBuilder().setAllowSoftPlacement(true);
    return switch (device) {
      // -1: a run stays in the thread that asks for it, so that chunks do not share threads.
      case CPU ->
          config
              .setIntraOpParallelismThreads(1)
              .setInterOpParallelismThreads(-1)
              .putDeviceCount("GPU", 0)
              .build();
      case GPU -> config.setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true)).build();
    };
  }
}
