package org.imageperformer.training.listener;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes an {@code events.out.tfevents.*} file for TensorBoard (cli.md, "A run directory"). The
 * step axis counts optimizer steps. Values of single steps are written every tenth step, the
 * hyperparameters as a table under "Text" and for the tab "HParams". A resumed run begins a further
 * file with its first step, which tells TensorBoard to forget what the earlier ones say about the
 * step that it goes on from and all later ones, and says again what stays of that step.
 */
public final class TensorBoardListener implements TrainingListener {

  private static final int STEPS_BETWEEN = 10;

  private static final String LOSS_STEP = "train/loss_step";
  private static final String ACC_STEP = "train/acc_step";
  private static final String LEARNING_RATE = "learning_rate";
  private static final String LOSS_EPOCH = "train/loss_epoch";
  private static final String ACC_EPOCH = "train/acc_epoch";
  private static final String VAL_LOSS = "val/loss";
  private static final String VAL_ACC = "val/acc";
  private static final String EPOCH = "epoch";

  /** What stays of the step that a run goes on from in the middle of an epoch. */
  private static final Set<String> STEP_TAGS = Set.of(LOSS_STEP, ACC_STEP, LEARNING_RATE);

  /** What stays of it at the end of one. */
  private static final Set<String> LASTING =
      Set.of(LOSS_STEP, ACC_STEP, LEARNING_RATE, LOSS_EPOCH, ACC_EPOCH, VAL_LOSS, VAL_ACC, EPOCH);

  private final Path directory;
  private final Clock clock;

  /** What a resumed run says before its first step: without one it says nothing. */
  private final List<Event> waiting = new ArrayList<>();

  /** Its hyperparameters; empty for a new run, whose file has them already. */
  private Optional<Summary> resumed = Optional.empty();

  private EventFile file;
  private long lastStep;

  /**
   * Begins a file when there is something to say.
   *
   * @param directory the run directory
   */
  public TensorBoardListener(Path directory) {
    this(directory, Clock.systemUTC());
  }

  TensorBoardListener(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Begins the file of a new run.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  @Override
  public void runStarted(RunStarted event) {
    Summary hparams =
        Summary.newBuilder()
            .addValue(table(event.hparams()))
            .addValue(HParamsPlugin.started(event.hparams(), seconds()))
            .build();
    if (event.resumed()) {
      resumed = Optional.of(hparams);
    } else {
      // TensorBoard takes the first of several starts for no restart: without this one, that of
      // the first resume would take nothing back.
      waiting.add(start(0));
      waiting.add(event(0).setSummary(hparams).build());
      open();
    }
  }

  @Override
  public void trainingStarted(TrainingStarted event) {
    lastStep = event.step();
    if (resumed.isPresent()) {
      // In the middle of an epoch its values come again, if not for this step.
      boolean epochStays = event.step() == (long) event.epochsFinished() * event.stepsPerEpoch();
      waiting.add(start(event.step()));
      waiting.addAll(said(event.step(), epochStays ? LASTING : STEP_TAGS));
      waiting.add(event(event.step()).setSummary(resumed.get()).build());
    }
  }

  private Event start(long step) {
    return event(step)
        .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START))
        .build();
  }

  /** The last that the files so far say of a step, an event for each of these tags. */
  private Collection<Event> said(long step, Set<String> tags) {
    Map<String, Event> found = new LinkedHashMap<>();
    for (Path earlier : EventFile.list(directory)) {
      try (EventReader reader = new EventReader(earlier)) {
        for (Optional<Event> next = reader.next(); next.isPresent(); next = reader.next()) {
          Event event = next.get();
          if (event.hasSessionLog() && event.getStep() <= step) {
            found.clear();
          }
          if (event.getStep() == step) {
            for (Summary.Value value : event.getSummary().getValueList()) {
              if (tags.contains(value.getTag())) {
                Summary alone = Summary.newBuilder().addValue(value).build();
                found.put(value.getTag(), event.toBuilder().setSummary(alone).build());
              }
            }
          }
        }
      } catch (IOException damaged) {
        // TensorBoard shows nothing of what comes after the damage, either.
      }
    }
    return found.values();
  }

  @Override
  public void stepEnded(StepEnded event) {
    lastStep = event.step();
    open();
    if (event.step() == 1 || event.step() % STEPS_BETWEEN == 0) {
      write(
          event(event.step())
              .setSummary(
                  Summary.newBuilder()
                      .addValue(scalar(LOSS_STEP, event.loss()))
                      .addValue(scalar(ACC_STEP, event.accuracy()))
                      .addValue(scalar(LEARNING_RATE, event.learningRate()))));
    }
  }

  @Override
  public void epochEnded(EpochEnded event) {
    write(
        event(event.step())
            .setSummary(
                Summary.newBuilder()
                    .addValue(scalar(LOSS_EPOCH, event.trainLoss()))
                    .addValue(scalar(ACC_EPOCH, event.trainAccuracy()))
                    .addValue(scalar(VAL_LOSS, event.validationLoss()))
                    .addValue(scalar(VAL_ACC, event.validationAccuracy()))
                    .addValue(scalar(EPOCH, event.epoch()))));
  }

  /**
   * One step after the last: a run that is resumed there takes it back with the steps that it takes
   * again. One that took no step has nothing new to say.
   */
  @Override
  public void tested(Tested event) {
    if (file == null) {
      return;
    }
    write(
        event(lastStep + 1)
            .setSummary(
                Summary.newBuilder()
                    .addValue(scalar("test/loss", event.testLoss()))
                    .addValue(scalar("test/acc", event.testAccuracy()))
                    .addValue(HParamsPlugin.ended(seconds()))));
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The file being written; empty before the first step of a resumed run. */
  public Optional<Path> file() {
    return Optional.ofNullable(file).map(EventFile::path);
  }

  private void open() {
    try {
      if (file == null) {
        file = EventFile.create(directory, clock.instant().getEpochSecond());
        file.write(event(0).setFileVersion("brain.Event:2").build());
      }
      for (Event event : waiting) {
        file.write(event);
      }
      waiting.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write TensorBoard events to " + directory + ": " + e.getMessage(), e);
    }
  }

  private double seconds() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() * 1e-9;
  }

  private Event.Builder event(long step) {
    return Event.newBuilder().setWallTime(seconds()).setStep(step);
  }

  private void write(Event.Builder event) {
    open();
    try {
      file.write(event.build());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("cannot write " + file.path() + ": " + e.getMessage(), e);
  }

  private static Summary.Value scalar(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }

  private static Summary.Value table(Map<String, Object> hparams) {
    StringBuilder markdown = new StringBuilder("| hyperparameter | value |\n|---|---|\n");
    hparams.forEach(
        (name, value) ->
            markdown
                .append("| ")
                .append(name)
                .append(" | ")
                .append(value == null ? "" : value.toString().replace("|", "\\|"))
                .append(" |\n"));
    return Summary.Value.newBuilder()
        .setTag("hparams/text_summary")
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(SummaryMetadata.PluginData.newBuilder().setPluginName("text")))
        .setTensor(
            TensorProto.newBuilder()
                .setDtype(DataType.DT_STRING)
                .setTensorShape(
                    TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(1)))
                .addStringVal(ByteString.copyFromUtf8(markdown.toString())))
        .build();
  }
}
