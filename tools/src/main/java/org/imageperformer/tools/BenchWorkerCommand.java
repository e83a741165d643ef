package org.imageperformer.tools;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.imageperformer.tools.bench.Benchmark.Phase;
import org.imageperformer.tools.bench.InferenceWorkload;
import org.imageperformer.tools.bench.TrainingWorkload;
import org.imageperformer.tools.bench.Worker;
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
    if (config.device() == Device.GPU) {
      throw new CommandFailure("bench measures the processor only so far; leave out --device gpu");
    }
    int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
    Worker.run(
        () ->
            switch (phase) {
              case TRAINING -> new TrainingWorkload(config);
              case INFERENCE -> new InferenceWorkload(config, threads, ProductVersion.product());
            },
        threads,
        new FileInputStream(FileDescriptor.in),
        out());
    return ExitCode.OK;
  }
}
