package org.imageperformer.training.engine;

import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.training.Device;
import org.imageperformer.training.Precision;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingException;

/** From what a user asks for to how a graph runs. */
final class Engines {

  /** Images a lane takes at once: few, so that their tensors stay in the caches. */
  private static final int CHUNK = 4;

  private Engines() {}

  /**
   * How the configuration runs here.
   *
   * @throws TrainingException if a GPU is asked for
   */
  static EngineOptions options(TrainingConfig config) {
    if (config.device() == Device.GPU) {
      throw new TrainingException(
          "device gpu: this build has TensorFlow's CPU library only; use --device cpu");
    }
    int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
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
      case FP32 -> PassOptions.Precision.FP32;
    };
  }
}
