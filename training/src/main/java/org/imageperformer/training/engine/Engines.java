package org.imageperformer.training.engine;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.GPUS;
import static org.imageperformer.training.TrainingOptions.GPU_MEMORY_GROWTH;
import static org.imageperformer.training.TrainingOptions.PLAIN;
import static org.imageperformer.training.TrainingOptions.PRECISION;
import static org.imageperformer.training.TrainingOptions.THREADS;

import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.models.ModelOutline;
import org.imageperformer.training.Device;
import org.imageperformer.training.Precision;
import org.imageperformer.training.TrainingConfig;

/** From what a user asks for to how a graph runs. */
final class Engines {

  /** Images a lane of a training takes at once: few, so that their tensors stay in the caches. */
  private static final int CHUNK = 2;

  /** Images of a prediction. Whose weights outweigh so many trains on a whole batch at once. */
  private static final int FEW = 4;

  /** Operations that fill a run; tensors of more than that leave the caches. */
  private static final long ENOUGH = 4_000_000_000L;

  /** Images of a prediction where few are little work. */
  private static final int SOME = 32;

  /** Images of a prediction where few are little work for the weights. */
  private static final int MANY = 64;

  /** Operations for an image below which starting a run of few takes much of its time. */
  private static final long LITTLE = 10_000_000;

  private Engines() {}

  /**
   * How the configuration runs here: on a GPU if it says so, on the processor if it leaves that
   * open. Whether there is a GPU is for the caller to know.
   *
   * @param processes that share every batch
   */
  static EngineOptions options(TrainingConfig config, int processes) {
    int own = (config.get(BATCH_SIZE) - 1) / processes + 1;
    int threads = config.find(THREADS).orElse(Runtime.getRuntime().availableProcessors());
    if (config.get(DEVICE) == Device.GPU) {
      // The fast blocks are compiled for processors; a card wants few and large operations.
      PassOptions pass = new PassOptions(Kernels.PLAIN, precision(config.get(PRECISION)));
      GpuUse gpu = config.get(GPU_MEMORY_GROWTH) ? GpuUse.GROWING : GpuUse.WHOLE;
      int share = (own - 1) / config.get(GPUS) + 1;
      int cards = config.get(GPUS);
      boolean partial = processes * cards > 1;
      return new EngineOptions(cards, 1, share, partial, threads, threads, pass, gpu);
    }
    PassOptions pass =
        new PassOptions(
            config.get(PLAIN) ? Kernels.PLAIN : Kernels.FAST, precision(config.get(PRECISION)));
    // Each run adds to a sum of gradients of all weights, which is worth while if they did much.
    if (config.outline().coupling().isPresent() || config.outline().outweighs(FEW)) {
      return new EngineOptions(1, 1, own, processes > 1, threads, 1, pass, GpuUse.NONE);
    }
    int busy = overlapping(threads);
    return new EngineOptions(Math.max(1, Math.min(busy, own / CHUNK)), CHUNK, 1, busy, pass);
  }

  /**
   * How many lanes keep so many threads busy. A lane waits whenever a thread of XLA computes for
   * it: where all cores may be used, so that no thread more is no promise, there are twice as many.
   */
  private static int overlapping(int threads) {
    return threads < Runtime.getRuntime().availableProcessors() ? threads : 2 * threads;
  }

  /** How many images a thread of a processor should predict in one run. */
  static int imagesAtOnce(ModelOutline outline) {
    if (outline.outweighs(FEW)) {
      return MANY;
    }
    long forward = outline.cost().forward();
    return forward < LITTLE ? SOME : Math.toIntExact(Math.max(1, Math.min(FEW, ENOUGH / forward)));
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
