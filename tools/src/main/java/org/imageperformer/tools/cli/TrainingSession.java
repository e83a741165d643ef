package org.imageperformer.tools.cli;

import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.training.DataSource;
import org.imageperformer.training.Device;
import org.imageperformer.training.StopSignal;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOutcome;
import org.imageperformer.training.TrainingRun;
import org.imageperformer.training.engine.GraphTrainable;
import org.imageperformer.training.engine.ModelExport;
import org.imageperformer.training.listener.TrainingListener;

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
    PrintWriter err = command.err();
    Device device = Processor.choose(config);
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
      List<TrainingListener> listeners = List.of(lines, progress);
      return work.apply(
          new TrainingRun(
              wanted -> new GraphTrainable(wanted.toBuilder().set(DEVICE, device).build()),
              new ModelExport(ProductVersion.product()),
              data,
              Processor.provenance(config, device),
              listeners,
              stop));
    }
  }
}
