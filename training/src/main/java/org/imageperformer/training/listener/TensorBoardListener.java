package org.imageperformer.training.listener;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
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
 * hyperparameters as a table under "Text". A resumed run begins a further file, which tells
 * TensorBoard to forget what an earlier one says about steps that are taken again.
 */
public final class TensorBoardListener implements TrainingListener {

  private static final int STEPS_BETWEEN = 10;

  private final EventFile file;
  private final Clock clock;

  /**
   * Begins a file.
   *
   * @param directory the run directory
   * @throws UncheckedIOException when the file cannot be written
   */
  public TensorBoardListener(Path directory) {
    this(directory, Clock.systemUTC());
  }

  TensorBoardListener(Path directory, Clock clock) {
    this.clock = clock;
    try {
      file = EventFile.create(directory, clock.instant().getEpochSecond());
      file.write(event(0).setFileVersion("brain.Event:2").build());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write TensorBoard events to " + directory + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void runStarted(RunStarted event) {
    write(event(0).setSummary(Summary.newBuilder().addValue(table(event.hparams()))));
  }

  @Override
  public void trainingStarted(TrainingStarted event) {
    if (event.step() > 0) {
      SessionLog start = SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START).build();
      write(event(event.step() + 1).setSessionLog(start));
    }
  }

  @Override
  public void stepEnded(StepEnded event) {
    if (event.step() == 1 || event.step() % STEPS_BETWEEN == 0) {
      write(
          event(event.step())
              .setSummary(
                  Summary.newBuilder()
                      .addValue(scalar("train/loss_step", event.loss()))
                      .addValue(scalar("train/acc_step", event.accuracy()))
                      .addValue(scalar("learning_rate", event.learningRate()))));
    }
  }

  @Override
  public void epochEnded(EpochEnded event) {
    write(
        event(event.step())
            .setSummary(
                Summary.newBuilder()
                    .addValue(scalar("train/loss_epoch", event.trainLoss()))
                    .addValue(scalar("train/acc_epoch", event.trainAccuracy()))
                    .addValue(scalar("val/loss", event.validationLoss()))
                    .addValue(scalar("val/acc", event.validationAccuracy()))
                    .addValue(scalar("epoch", event.epoch()))));
  }

  @Override
  public void tested(Tested event) {
    write(
        event(event.step())
            .setSummary(
                Summary.newBuilder()
                    .addValue(scalar("test/loss", event.testLoss()))
                    .addValue(scalar("test/acc", event.testAccuracy()))));
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The file being written. */
  public Path file() {
    return file.path();
  }

  private Event.Builder event(long step) {
    Instant now = clock.instant();
    return Event.newBuilder()
        .setWallTime(now.getEpochSecond() + now.getNano() * 1e-9)
        .setStep(step);
  }

  private void write(Event.Builder event) {
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
