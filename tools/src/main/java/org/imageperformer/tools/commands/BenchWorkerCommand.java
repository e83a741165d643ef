package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.THREADS;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.tools.bench.Benchmark.Phase;
import org.imageperformer.tools.bench.InferenceWorkload;
import org.imageperformer.tools.bench.MatrixRate;
import org.imageperformer.tools.bench.TrainingWorkload;
import org.imageperformer.tools.bench.Worker;
import org.imageperformer.tools.cli.ModelCommand;
import org.imageperformer.tools.cli.Processor;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.doctor.NvidiaSystem;
import org.imageperformer.training.Device;
import org.imageperformer.training.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The process that bench starts to measure one setting; not for people. */
@Command(
    name = BenchWorkerCommand.NAME,
    hidden = true,
    description = "Measures one setting as bench tells it to.")
final class BenchWorkerCommand extends ModelCommand implements Callable<Integer> {
  static final String NAME = "bench-worker";

  @Option(names = "--phase", defaultValue = "TRAINING", description = "What to do.")
  private Phase phase;

  @Override
  public Integer call() throws IOException {
    TrainingConfig config = config();
    Device device = Processor.choose(config);
    TrainingConfig placed = config.toBuilder().set(DEVICE, device).build();
    int threads = config.find(THREADS).orElse(Runtime.getRuntime().availableProcessors());
    LoadOptions loading = device == Device.GPU ? LoadOptions.gpu() : LoadOptions.cpu(threads);
    Worker.run(
        () ->
            switch (phase) {
              case TRAINING -> new TrainingWorkload(placed);
              case INFERENCE -> new InferenceWorkload(placed, loading, ProductVersion.product());
            },
        () -> device == Device.GPU ? MatrixRate.gpu() : MatrixRate.cpu(threads),
        device == Device.GPU ? NvidiaSystem::usedMemory : () -> 0,
        new FileInputStream(FileDescriptor.in),
        out());
    return ExitCode.OK;
  }
}
