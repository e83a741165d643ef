package org.imageperformer.training.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.OptionalDouble;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.training.listener.TrainingListener.EpochEnded;
import org.imageperformer.training.listener.TrainingListener.TrainingStarted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsCsvTest {

  private static final String HEADER =
      "epoch,step,train/loss,train/acc,val/loss,val/acc,learning_rate,images_per_second,seconds\n";

  @TempDir Path folder;

  private static EpochEnded epoch(int number) {
    return new EpochEnded(
        number,
        5L * number,
        2.5,
        0.25,
        1.0 / 3,
        0.125,
        1e-4,
        number == 1 ? OptionalDouble.empty() : OptionalDouble.of(24.5),
        61.75 * number,
        true,
        true);
  }

  private static TrainingStarted start(int epochsFinished) {
    return new TrainingStarted(epochsFinished, 5L * epochsFinished, 5, 23, 100);
  }

  private static MetricsCsv write(Path file, int epochs) {
    MetricsCsv metrics = new MetricsCsv(file);
    metrics.trainingStarted(start(0));
    for (int i = 1; i <= epochs; i++) {
      metrics.epochEnded(epoch(i));
    }
    metrics.close();
    return metrics;
  }

  @Test
  void aRowPerEpochWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      write(folder.resolve("metrics.csv"), 2);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(folder.resolve("metrics.csv"))
        .hasContent(
            HEADER
                + "1,5,2.5,0.25,0.3333333333333333,0.125,1.0E-4,,61.75\n"
                + "2,10,2.5,0.25,0.3333333333333333,0.125,1.0E-4,24.5,123.5\n");
  }

  @Test
  void goingOnDropsTheRowsOfEpochsToTrainAgain() throws IOException {
    Path file = folder.resolve("metrics.csv");
    write(file, 4);
    String whole = Files.readString(file);
    for (int finished = 4; finished >= 1; finished--) {
      MetricsCsv metrics = new MetricsCsv(file);
      metrics.trainingStarted(start(finished));
      assertThat(Files.readAllLines(file)).hasSize(finished + 1);
      for (int i = finished + 1; i <= 4; i++) {
        metrics.epochEnded(epoch(i));
      }
      assertThat(file).hasContent(whole);
    }
  }

  @Test
  void goingOnDropsATornLine() throws IOException {
    Path file = folder.resolve("metrics.csv");
    write(file, 2);
    String whole = Files.readString(file);
    for (String torn : new String[] {"3,15,2.", "3", "\"3", "3,15,2.5,0.25,1,1,1,1,1,1,1"}) {
      Files.writeString(file, torn, StandardOpenOption.APPEND);
      new MetricsCsv(file).trainingStarted(start(2));
      assertThat(file).hasContent(whole);
    }
  }

  @Test
  void aRunResumedInItsFirstEpochKeepsNoRow() {
    Path file = folder.resolve("metrics.csv");
    write(file, 1);
    new MetricsCsv(file).trainingStarted(new TrainingStarted(0, 3, 5, 23, 100));
    assertThat(file).hasContent(HEADER);
  }

  @Test
  void aMissingFileIsBegunAnew() {
    Path file = folder.resolve("metrics.csv");
    new MetricsCsv(file).trainingStarted(start(2));
    assertThat(file).hasContent(HEADER);
  }

  @Test
  void anotherFileIsNotTouched() throws IOException {
    Path file = folder.resolve("metrics.csv");
    Files.writeString(file, "a,b\n1,2\n");
    assertThatThrownBy(() -> new MetricsCsv(file).trainingStarted(start(2)))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + ": expected the columns [epoch, step, ")
        .hasMessageEndingWith("found [a, b]");
    assertThat(file).hasContent("a,b\n1,2\n");
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setMaxSize(4096).setBlockSize(512).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      Path file = disk.getPath("/metrics.csv");
      MetricsCsv metrics = write(file, 1);
      Files.write(disk.getPath("/other"), new byte[3072]);
      assertThatThrownBy(
              () -> {
                for (int i = 2; i < 20; i++) {
                  metrics.epochEnded(epoch(i));
                }
              })
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("cannot write /metrics.csv: out of disk space");
    }
  }
}
