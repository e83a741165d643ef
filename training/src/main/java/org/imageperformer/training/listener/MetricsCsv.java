package org.imageperformer.training.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import org.imageperformer.savedmodels.AtomicFiles;
import org.imageperformer.savedmodels.CsvText;
import org.imageperformer.savedmodels.CsvText.Row;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunException;

/**
 * metrics.csv, a row per epoch (cli.md, "A run directory"). A row is written in one piece and
 * forced to the disk before the epoch's checkpoint is, so that a resumed run finds the rows of all
 * epochs that its checkpoint has behind it. {@code seconds} counts from the beginning of the run,
 * {@code images_per_second} is empty for an epoch of a single step, which is warm-up.
 */
public final class MetricsCsv implements TrainingListener {

  private static final List<String> COLUMNS =
      List.of(
          "epoch",
          "step",
          "train/loss",
          "train/acc",
          "val/loss",
          "val/acc",
          "learning_rate",
          "images_per_second",
          "seconds");

  private final Path file;

  /**
   * @param file begun anew with its header line, or gone on with, when the training starts
   */
  public MetricsCsv(Path file) {
    this.file = file;
  }

  /**
   * Begins the file. That of a resumed run loses the rows of epochs that will be trained again, and
   * what a crash may have left of a line.
   *
   * @throws RunException when it cannot be written, or is there but something else
   */
  @Override
  public void trainingStarted(TrainingStarted event) {
    boolean goesOn = event.step() > 0 && Files.exists(file);
    String kept = goesOn ? rowsUpTo(event.epochsFinished()) : CsvText.line(COLUMNS);
    AtomicFiles.writeString(file, kept);
  }

  private String rowsUpTo(int epochsFinished) {
    List<Row> rows;
    try {
      rows = CsvText.read(file);
    } catch (IOException e) {
      throw new RunException("cannot read " + file + ": " + OneLine.reason(e, file), e);
    }
    if (!rows.isEmpty() && !rows.get(0).fields().equals(COLUMNS)) {
      throw new RunException(
          file + ": expected the columns " + COLUMNS + ", found " + rows.get(0).fields());
    }
    StringBuilder kept = new StringBuilder(CsvText.line(COLUMNS));
    for (int epoch = 1; epoch < rows.size() && epoch <= epochsFinished; epoch++) {
      List<String> fields = rows.get(epoch).fields();
      if (fields.size() != COLUMNS.size() || !fields.get(0).equals(Integer.toString(epoch))) {
        break;
      }
      kept.append(CsvText.line(fields));
    }
    return kept.toString();
  }

  @Override
  public void epochEnded(EpochEnded event) {
    OptionalDouble speed = event.imagesPerSecond();
    String row =
        CsvText.line(
            List.of(
                event.epoch(),
                event.step(),
                event.trainLoss(),
                event.trainAccuracy(),
                event.validationLoss(),
                event.validationAccuracy(),
                event.learningRate(),
                speed.isPresent() ? speed.getAsDouble() : "",
                event.seconds()));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(row.getBytes(StandardCharsets.UTF_8));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + OneLine.reason(e, file), e);
    }
  }
}
