package org.imageperformer.training.engine;

import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.training.Device;
import org.imageperformer.training.Precision;
import org.imageperformer.training.TrainingConfig;

/** From what a user asks for to how a graph runs. */
final class Engines {

  /** Images a lane takes at once: few, so that their tensors stay in the caches. */
  private static final int CHUNK = 4;

  private Engines() {}

  /**
   * How the configuration runs here: on a GPU if it says so, on the processor if it leaves that
   * open. Whether there is a GPU is for the caller to know.
   */
  static EngineOptions options(TrainingConfig config) {
    int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
    if (config.device() == Device.GPU) {
      // The fast blocks are compiled for processors; a card wants few and large operations.
      PassOptions pass = new PassOptions(Kernels.PLAIN, precision(config.precision()));
      GpuUse gpu = config.gpuMemoryGrowth() ? GpuUse.GROWING : GpuUse.WHOLE;
      int share = (config.batchSize() + config.gpus() - 1) / config.gpus();
      return new EngineOptions(config.gpus(), 1, share, threads, threads, pass, gpu);
    }
    PassOptions pass =
        new PassOptions(
            config.plain() ? Kernels.PLAIN : Kernels.FAST, precision(config.precision()));
    if (config.keyStabilizer() == KeyStabilizer.BATCH) {
      return new EngineOptions(1, config.batchSize(), threads, 1, pass);
    }
    int lanes = Math.max(1, Math.min(threads, config.batchSize() / CHUNK));
    return new EngineOptions(lanes, CHUNK, 1, threads, pass);
  }

  /** As the models know it. */
  static PassOptions.Precision precision(Precision precision) {
    return switch (precision) {
      case BF16 -> PassOptions.Precision.BF16;
      // What a card makes of float32 products is set for the whole process, before it starts.
      case FP32, TF32 -> PassOptions.Precision.FP32;
    };
  }
}
