package org.imageperformer.training.listener;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.savedmodels.AtomicFiles;
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
    String kept = goesOn ? rowsUpTo(event.epochsFinished()) : line(COLUMNS);
    AtomicFiles.writeString(file, kept);
  }

  private String rowsUpTo(int epochsFinished) {
    StringBuilder kept = new StringBuilder(line(COLUMNS));
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().allowExtraFields(true).allowMissingFields(true).ofCsvRecord(file)) {
      int row = 0;
      for (CsvRecord fields : reader) {
        if (row == 0 && !fields.getFields().equals(COLUMNS)) {
          throw new RunException(
              file + ": expected the columns " + COLUMNS + ", found " + fields.getFields());
        }
        if (row > 0 && !isRowOf(fields, row, epochsFinished)) {
          break;
        }
        if (row > 0) {
          kept.append(line(fields.getFields()));
        }
        row++;
      }
    } catch (CsvParseException e) {
      throw new RunException(file + " is no CSV file: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return kept.toString();
  }

  private static boolean isRowOf(CsvRecord fields, int epoch, int epochsFinished) {
    return epoch <= epochsFinished
        && fields.getFieldCount() == COLUMNS.size()
        && fields.getField(0).equals(Integer.toString(epoch));
  }

  @Override
  public void epochEnded(EpochEnded event) {
    List<String> fields = new ArrayList<>();
    fields.add(Integer.toString(event.epoch()));
    fields.add(Long.toString(event.step()));
    fields.add(Double.toString(event.trainLoss()));
    fields.add(Double.toString(event.trainAccuracy()));
    fields.add(Double.toString(event.validationLoss()));
    fields.add(Double.toString(event.validationAccuracy()));
    fields.add(Double.toString(event.learningRate()));
    fields.add(
        event.imagesPerSecond().isPresent()
            ? Double.toString(event.imagesPerSecond().getAsDouble())
            : "");
    fields.add(Double.toString(event.seconds()));
    byte[] bytes = line(fields).getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String line(List<String> fields) {
    StringWriter text = new StringWriter();
    CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
    writer.writeRecord(fields);
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
