package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.THREADS;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.options.Options;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.tools.bench.Benchmark.Phase;
import org.imageperformer.tools.bench.InferenceWorkload;
import org.imageperformer.tools.bench.MatrixRate;
import org.imageperformer.tools.bench.TrainingWorkload;
import org.imageperformer.tools.bench.Worker;
import org.imageperformer.tools.bench.Workload;
import org.imageperformer.tools.cli.ModelCommand;
import org.imageperformer.tools.cli.Processor;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.cli.TrainingArguments;
import org.imageperformer.tools.doctor.NvidiaSystem;
import org.imageperformer.training.Device;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.GraphTrainable;
import org.imageperformer.training.engine.ProcessGroup;
import org.imageperformer.training.engine.Share;
import org.imageperformer.training.workers.WorkerGroup;
import org.imageperformer.training.workers.WorkerOptions;
import org.imageperformer.training.workers.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The process that bench starts to measure one setting; not for people. */
@Command(
    name = BenchWorkerCommand.NAME,
    hidden = true,
    modelTransformer = BenchWorkerCommand.Arguments.class,
    description = "Measures one setting as bench tells it to.")
final class BenchWorkerCommand extends ModelCommand implements Callable<Integer> {
  static final String NAME = "bench-worker";

  /** Steps in processes that share batches and exchange nothing. */
  static final String APART = "--apart";

  static final class Arguments extends ModelCommand.Arguments {
    @Override
    public CommandSpec transform(CommandSpec command) {
      CommandSpec all = super.transform(command);
      TrainingArguments.add(all, WorkerOptions.SET);
      return all;
    }
  }

  @Option(names = "--phase", defaultValue = "TRAINING", description = "What to do.")
  private Phase phase;

  @Option(names = APART, description = "Share batches with the other workers, exchange nothing.")
  private boolean apart;

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
              case TRAINING -> training(placed);
              case INFERENCE -> new InferenceWorkload(placed, loading, ProductVersion.product());
            },
        () -> device == Device.GPU ? MatrixRate.gpu() : MatrixRate.cpu(threads),
        device == Device.GPU ? NvidiaSystem::usedMemory : () -> 0,
        new FileInputStream(FileDescriptor.in),
        out());
    return ExitCode.OK;
  }

  private Workload training(TrainingConfig config) {
    Options processes = TrainingArguments.values(this, WorkerOptions.SET);
    Optional<Workers> workers = WorkerOptions.workers(processes, Optional.empty());
    if (workers.isEmpty()) {
      return new TrainingWorkload(config, ProcessGroup.ALONE, true);
    }
    int task = workers.get().task();
    int size = workers.get().size();
    if (apart) {
      return new TrainingWorkload(config, ProcessGroup.apart(new Share(task, size)), true);
    }
    WorkerGroup group =
        WorkerGroup.join(
            workers.get(),
            processes.get(WorkerOptions.WORKER_TIMEOUT),
            GraphTrainable.sessionConfiguration(config, size));
    group.agree(Map.of()); // before what may fail elsewhere is taken for a lost worker
    return new TrainingWorkload(config, group, task == 0);
  }
}
