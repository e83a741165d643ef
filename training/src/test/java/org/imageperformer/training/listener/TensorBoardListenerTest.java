package org.imageperformer.training.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.imageperformer.training.listener.TrainingListener.EpochEnded;
import org.imageperformer.training.listener.TrainingListener.RunStarted;
import org.imageperformer.training.listener.TrainingListener.StepEnded;
import org.imageperformer.training.listener.TrainingListener.Tested;
import org.imageperformer.training.listener.TrainingListener.TrainingStarted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

final class TensorBoardListenerTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000L, 250_000_000), ZoneOffset.UTC);

  @TempDir Path folder;

  /** CRC32C bit by bit (polynomial 0x1edc6f41 reflected), masked as TFRecord wants it. */
  private static int maskedCrc(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  private static List<Event> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertThat(bytes.getInt()).isEqualTo(maskedCrc(length));
      byte[] event =
          new byte
              [Math.toIntExact(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong())];
      bytes.get(event);
      assertThat(bytes.getInt()).isEqualTo(maskedCrc(event));
      events.add(Event.parseFrom(event));
    }
    return events;
  }

  /** "tag at step = value" for every scalar. */
  private static List<String> scalars(List<Event> events) {
    List<String> found = new ArrayList<>();
    for (Event event : events) {
      for (Summary.Value value : event.getSummary().getValueList()) {
        if (value.hasSimpleValue()) {
          found.add(value.getTag() + " at " + event.getStep() + " = " + value.getSimpleValue());
        }
      }
    }
    return found;
  }

  private static StepEnded step(long step) {
    return new StepEnded(
        step, 1, (int) step, 25, 5, 1.5, 0.5, 2, 0.25, 0.125, 3, OptionalDouble.empty());
  }

  @Test
  void whatTheCheckWordsAreComputedFromIsRight() {
    // RFC 3720, B.4: 32 bytes of zeros have the CRC32C 8a9136aa.
    int crc = 0x8a9136aa;
    assertThat(maskedCrc(new byte[32])).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
  }

  @Test
  void theFileHoldsAllTags() throws IOException {
    Path file;
    try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
      Map<String, Object> hparams = new LinkedHashMap<>();
      hparams.put("model", "Performer");
      hparams.put("exp_name", "a|b");
      hparams.put("max_steps", null);
      board.runStarted(new RunStarted(folder, hparams, 1, 2, 3, 4, false));
      board.trainingStarted(new TrainingStarted(0, 0, 25, 100, 9));
      for (int i = 1; i <= 25; i++) {
        board.stepEnded(step(i));
      }
      board.epochEnded(
          new EpochEnded(1, 25, 2, 0.25, 1, 0.75, 0.125, OptionalDouble.empty(), 9, true, true));
      board.tested(new Tested(25, 1, 1, 0.75, 0.5, 0.875));
      file = board.file().orElseThrow();
    }
    assertThat(file.getFileName()).hasToString("events.out.tfevents.1700000000.000");
    List<Event> events = read(file);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events).allMatch(event -> event.getWallTime() == 1_700_000_000.25);
    List<String> expected = new ArrayList<>();
    for (int step : new int[] {1, 10, 20}) {
      expected.add("train/loss_step at " + step + " = 1.5");
      expected.add("train/acc_step at " + step + " = 0.5");
      expected.add("learning_rate at " + step + " = 0.125");
    }
    expected.add("train/loss_epoch at 25 = 2.0");
    expected.add("train/acc_epoch at 25 = 0.25");
    expected.add("val/loss at 25 = 1.0");
    expected.add("val/acc at 25 = 0.75");
    expected.add("epoch at 25 = 1.0");
    expected.add("test/loss at 26 = 0.5");
    expected.add("test/acc at 26 = 0.875");
    assertThat(scalars(events)).isEqualTo(expected);

    Summary.Value table = events.get(2).getSummary().getValue(0);
    assertThat(table.getTag()).isEqualTo("hparams/text_summary");
    assertThat(table.getMetadata().getPluginData().getPluginName()).isEqualTo("text");
    assertThat(table.getTensor().getStringVal(0).toStringUtf8())
        .isEqualTo(
            """
            | hyperparameter | value |
            |---|---|
            | model | Performer |
            | exp_name | a\\|b |
            | max_steps |  |
            """);
  }

  @Test
  void everythingIsInTheFileBeforeItIsClosed() throws IOException {
    try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
      board.stepEnded(step(1));
      assertThat(scalars(read(board.file().orElseThrow()))).hasSize(3);
    }
  }

  @Test
  void aResumedRunBeginsALaterFileThatTakesBackWhatIsTrainedAgain() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
        board.runStarted(new RunStarted(folder, Map.of("dim", 8), 1, 2, 3, 4, i > 0));
        board.trainingStarted(new TrainingStarted(1, 7L * i, 5, 23, 9));
        board.stepEnded(step(7L * i + 1));
        files.add(board.file().orElseThrow());
      }
    }
    assertThat(files).isSorted().doesNotHaveDuplicates();
    List<Event> events = read(files.get(2));
    Event restart = events.get(1);
    assertThat(restart.getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
    assertThat(restart.getStep()).isEqualTo(14);
  }

  /**
   * What TensorBoard (2.21, plugin_event_accumulator.py) shows of several files: the points that no
   * later file takes back. The first start of all takes nothing back.
   */
  private static List<Event> shown(List<Path> files) throws IOException {
    List<Event> kept = new ArrayList<>();
    boolean started = false;
    for (Path file : files) {
      for (Event event : read(file)) {
        if (event.hasSessionLog()) {
          if (started) {
            kept.removeIf(before -> before.getStep() >= event.getStep());
          }
          started = true;
        }
        kept.add(event);
      }
    }
    return kept;
  }

  private static List<String> points(List<Event> events) {
    return events.stream()
        .flatMap(
            event ->
                event.getSummary().getValueList().stream()
                    .map(value -> value.getTag() + " at " + event.getStep()))
        .toList();
  }

  /**
   * Epochs of 20 steps, of which every step's loss is its number.
   *
   * @param from the checkpoint; -1 for a new run
   * @param behind whether the epoch that ends there is
   * @param to where it is killed, after the epoch's end if one is there
   */
  private Path train(int from, boolean behind, int to) {
    try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
      int begin = Math.max(from, 0);
      int epochs = begin % 20 == 0 && !behind && begin > 0 ? begin / 20 - 1 : begin / 20;
      board.runStarted(new RunStarted(folder, Map.of("dim", 8), 1, 2, 3, 4, from >= 0));
      board.trainingStarted(new TrainingStarted(epochs, begin, 20, 23, 9));
      for (int i = begin; i <= to; i++) {
        if (i > begin) {
          board.stepEnded(
              new StepEnded(i, 1, 1, 20, 5, i, 0.5, 2, 0.25, 0.125, 3, OptionalDouble.empty()));
        }
        if (i % 20 == 0 && i > 0 && (i > begin || !behind)) {
          board.epochEnded(
              new EpochEnded(
                  i / 20, i, i, 0.25, 1, 0.75, 0.125, OptionalDouble.empty(), 9, true, true));
        }
      }
      return board.file().orElseThrow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "7, 0, false", // the first checkpoint was to come
    "25, 10, false",
    "25, 13, false",
    "47, 20, false", // saved after the step, before the epoch was validated
    "20, 20, false", // and killed after that
    "47, 20, true",
    "45, 40, true",
    "45, 30, false"
  })
  void aRunThatWasKilledAndResumedShowsWhatAnUndisturbedOneDoes(
      int killed, int checkpoint, boolean behind, @TempDir Path other) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(train(-1, false, killed));
    // Twice from the same checkpoint.
    files.add(train(checkpoint, behind, checkpoint + 3));
    files.add(train(checkpoint, behind, 60));
    folder = other;

    List<Event> shown = shown(files);

    assertThat(scalars(shown))
        .containsExactlyInAnyOrderElementsOf(scalars(read(train(-1, false, 60))));
    assertThat(points(shown)).doesNotHaveDuplicates();
  }

  @Test
  void anEpochThatALimitCutShortIsTakenBackWhereItGoesOn() throws IOException {
    Path first;
    try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
      board.runStarted(new RunStarted(folder, Map.of("dim", 8), 1, 2, 3, 4, false));
      board.trainingStarted(new TrainingStarted(0, 0, 20, 23, 9));
      board.stepEnded(step(10));
      board.epochEnded(
          new EpochEnded(1, 10, 2, 0.25, 1, 0.75, 0.125, OptionalDouble.empty(), 9, true, false));
      board.tested(new Tested(10, 1, 1, 0.75, 0.5, 0.875));
      first = board.file().orElseThrow();
    }

    assertThat(points(shown(List.of(first, train(10, false, 20)))))
        .contains("train/loss_step at 10", "val/loss at 20")
        .doesNotContain("val/loss at 10", "test/loss at 11")
        .doesNotHaveDuplicates();
  }

  @Test
  void whatADamagedFileSaysBeforeTheDamageStays() throws IOException {
    Path first = train(-1, false, 12);
    Path second = train(10, false, 25);
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length - 1] ^= 1;
    Files.write(first, bytes);

    Path third = train(10, false, 11);

    assertThat(scalars(read(third)))
        .containsExactly(
            "train/loss_step at 10 = 10.0",
            "train/acc_step at 10 = 0.5",
            "learning_rate at 10 = 0.125");
    assertThat(second).isLessThan(third);
  }

  @Test
  void noPointIsShownTwiceAfterAResume() throws IOException {
    List<Path> files = new ArrayList<>();
    // Killed after step 11, without a checkpoint; then after 14, with one at 10; then to 20; then
    // no further; then to 30.
    int[][] parts = {{0, 11}, {0, 14}, {10, 20}, {20, 20}, {20, 30}};
    for (int[] part : parts) {
      boolean resumed = part != parts[0];
      try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
        board.runStarted(new RunStarted(folder, Map.of("dim", 8), 1, 2, 3, 4, resumed));
        board.trainingStarted(new TrainingStarted(1, part[0], 5, 23, 9));
        for (int i = part[0] + 1; i <= part[1]; i++) {
          board.stepEnded(step(i));
        }
        if (part[1] % 10 == 0) {
          board.tested(new Tested(10, 1, 1, 0.75, 0.5, 0.875)); // the best stays that of step 10
        }
        board.file().ifPresent(files::add);
      }
    }
    assertThat(files).hasSize(4);
    assertThat(points(shown(files)))
        .doesNotHaveDuplicates()
        .contains("hparams/text_summary at 0", "hparams/text_summary at 10")
        .contains("train/loss_step at 1", "train/loss_step at 20", "train/loss_step at 30")
        .filteredOn(point -> point.startsWith("test/loss"))
        .containsExactly("test/loss at 31");
  }

  @Test
  void theTabOfHyperparametersFindsTheRun() throws IOException {
    Path file;
    try (TensorBoardListener board = new TensorBoardListener(folder, CLOCK)) {
      Map<String, Object> hparams = new LinkedHashMap<>();
      hparams.put("dim", 8L);
      hparams.put("plain", true);
      hparams.put("model", "Performer");
      hparams.put("max_steps", null);
      board.runStarted(new RunStarted(folder, hparams, 1, 2, 3, 4, false));
      board.tested(new Tested(1, 1, 1, 0.75, 0.5, 0.875));
      file = board.file().orElseThrow();
    }
    List<Summary.Value> values = new ArrayList<>();
    for (Event event : read(file)) {
      for (Summary.Value value : event.getSummary().getValueList()) {
        if (value.getMetadata().getPluginData().getPluginName().equals("hparams")) {
          values.add(value);
        }
      }
    }
    assertThat(values.stream().map(Summary.Value::getTag))
        .containsExactly("_hparams_/session_start_info", "_hparams_/session_end_info");
    UnknownFieldSet start = message(values.get(0), 3);
    Struct options = Struct.parseFrom(start.toByteString());
    assertThat(options.getFieldsMap()).containsOnlyKeys("dim", "plain", "model");
    assertThat(options.getFieldsOrThrow("dim").getNumberValue()).isEqualTo(8);
    assertThat(options.getFieldsOrThrow("plain").getBoolValue()).isTrue();
    assertThat(options.getFieldsOrThrow("model").getStringValue()).isEqualTo("Performer");
    assertThat(Double.longBitsToDouble(start.getField(5).getFixed64List().get(0)))
        .isEqualTo(1_700_000_000.25);
    UnknownFieldSet end = message(values.get(1), 4);
    assertThat(end.getField(1).getVarintList()).containsExactly(1L);
  }

  private static UnknownFieldSet message(Summary.Value value, int field) throws IOException {
    UnknownFieldSet data =
        UnknownFieldSet.parseFrom(value.getMetadata().getPluginData().getContent());
    return UnknownFieldSet.parseFrom(data.getField(field).getLengthDelimitedList().get(0));
  }
}
