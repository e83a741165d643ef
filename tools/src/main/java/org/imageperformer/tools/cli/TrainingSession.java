package org.imageperformer.tools.cli;

import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tools.natives.StartMessages;
import org.imageperformer.training.DataSource;
import org.imageperformer.training.Device;
import org.imageperformer.training.StopSignal;
import org.imageperformer.training.Team;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOutcome;
import org.imageperformer.training.TrainingRun;
import org.imageperformer.training.engine.GraphTrainable;
import org.imageperformer.training.engine.ModelExport;
import org.imageperformer.training.engine.ProcessGroup;
import org.imageperformer.training.listener.TrainingListener;
import org.imageperformer.training.workers.WorkerGroup;
import org.imageperformer.training.workers.Workers;
import org.tensorflow.proto.ConfigProto;

/** A training with a person before it: shows how far it is and listens for Ctrl-C. */
public final class TrainingSession {
  private TrainingSession() {}

  /**
   * Trains.
   *
   * @param command that was called
   * @param config of the run, for what is recorded of the circumstances
   * @param work starts or resumes the run
   */
  public static TrainingOutcome run(
      BaseCommand command, TrainingConfig config, Function<TrainingRun, TrainingOutcome> work) {
    return run(command, config, device -> ALONE, work);
  }

  /**
   * Trains as one of several processes.
   *
   * @param command that was called
   * @param config of the run, for what is recorded of the circumstances
   * @param workers all processes
   * @param timeout how long others are waited for
   * @param work starts, resumes or assists the run
   */
  public static <T> T run(
      BaseCommand command,
      TrainingConfig config,
      Workers workers,
      Duration timeout,
      Function<TrainingRun, T> work) {
    return run(
        command,
        config,
        device -> {
          ConfigProto session =
              GraphTrainable.sessionConfiguration(on(device, config), workers.size());
          WorkerGroup group = WorkerGroup.join(workers, timeout, session);
          return new Processes(group, group);
        },
        work);
  }

  /** The processes of a training as its loop and as its graph see them. */
  private record Processes(Team team, ProcessGroup group) {}

  private static final Processes ALONE = new Processes(Team.ALONE, ProcessGroup.ALONE);

  private static TrainingConfig on(Device device, TrainingConfig config) {
    return config.toBuilder().set(DEVICE, device).build();
  }

  private static <T> T run(
      BaseCommand command,
      TrainingConfig config,
      Function<Device, Processes> joined,
      Function<TrainingRun, T> work) {
    PrintWriter err = command.err();
    Device device = Processor.choose(config);
    StartMessages.keepOff(
        device == Device.CPU, GraphTrainable.sessionConfiguration(on(device, config), 1));
    Processes processes = joined.apply(device);
    StopSignal stop = new StopSignal();
    DataSource data =
        wanted ->
            Datasets.load(
                wanted.dataset(),
                wanted.get(DATA_PATH),
                wanted.get(IMAGE_SIZE),
                new DownloadProgress(err));
    try (ConsoleProgress progress =
            command.terminal()
                ? ConsoleProgress.bar(WriterStream.over(err))
                : ConsoleProgress.lines(WriterStream.over(err));
        RunLines lines = new RunLines(err);
        Interrupts interrupts =
            Interrupts.listen(
                () -> {
                  err.println(
                      "interrupted: ending the epoch here, then testing and exporting;"
                          + " interrupt again to quit at once");
                  stop.request();
                })) {
      Objects.requireNonNull(interrupts);
      List<TrainingListener> listeners =
          processes.team().chief() ? List.of(lines, progress) : List.of();
      return work.apply(
          new TrainingRun(
              wanted -> new GraphTrainable(on(device, wanted), processes.group()),
              new ModelExport(ProductVersion.product()),
              data,
              Processor.provenance(config, device),
              listeners,
              stop,
              processes.team()));
    }
  }
}
