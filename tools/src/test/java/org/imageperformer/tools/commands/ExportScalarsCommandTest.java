package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.tools.Cli;
import org.imageperformer.tools.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

class ExportScalarsCommandTest {
  private static final TensorShapeProto ONE =
      TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(1)).build();

  @TempDir Path folder;

  /** The record format as TensorBoard's documents have it. */
  private static byte[] file(Event... events) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Event event : events) {
      byte[] data = event.toByteArray();
      byte[] length = little(Long.BYTES).putLong(data.length).array();
      bytes.writeBytes(length);
      bytes.writeBytes(little(Integer.BYTES).putInt(masked(length)).array());
      bytes.writeBytes(data);
      bytes.writeBytes(little(Integer.BYTES).putInt(masked(data)).array());
    }
    return bytes.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }

  private static Event at(long step, Summary.Value.Builder... values) {
    Summary.Builder summary = Summary.newBuilder();
    Arrays.stream(values).forEach(summary::addValue);
    return Event.newBuilder()
        .setStep(step)
        .setWallTime(1_700_000_000.25 + step)
        .setSummary(summary)
        .build();
  }

  private static Summary.Value.Builder simple(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value);
  }

  private static Summary.Value.Builder tensor(String tag, TensorProto.Builder tensor) {
    return Summary.Value.newBuilder().setTag(tag).setTensor(tensor);
  }

  /** A value that a plugin of TensorBoard shows. */
  private static Summary.Value.Builder of(String plugin, Summary.Value.Builder value) {
    value.getMetadataBuilder().getPluginDataBuilder().setPluginName(plugin);
    return value;
  }

  private static TensorProto.Builder of(DataType type) {
    return TensorProto.newBuilder().setDtype(type);
  }

  private void write(String file, byte[] bytes) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, bytes);
  }

  private Cli export(String... more) {
    String[] words = {
      "export-scalars", folder.toString(), "--output", folder.resolve("out.csv").toString()
    };
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Cli.run(all);
  }

  private List<String> table() throws IOException {
    return Files.readAllLines(folder.resolve("out.csv"));
  }

  @Test
  void eachRunHasLastAndBestValues() throws IOException {
    write(
        "b/x/events.out.tfevents.1.host",
        file(
            Event.newBuilder().setFileVersion("brain.Event:2").build(),
            at(10, simple("val/acc", 0.5), simple("val/loss", 2)),
            at(20, simple("val/acc", 0.75), simple("val/loss", 0.1)),
            at(30, simple("val/acc", 0.7), simple("val/loss", Float.NaN)),
            at(40, simple("val/acc", 0.75), simple("val/loss", 0.9))));
    write("a/events.out.tfevents.1.host", file(at(7, simple("val/acc", 0.25))));
    Cli result = export();

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .isEqualTo("2 runs, 2 tags: " + folder.resolve("out.csv") + System.lineSeparator());
    assertThat(table())
        .containsExactly(
            "run,val/acc last,val/acc best,val/acc best_step,"
                + "val/loss last,val/loss best,val/loss best_step",
            "a,0.25,0.25,7,,,",
            "b/x,0.75,0.75,20,0.9,0.1,20");
  }

  @Test
  void allValuesOfChosenTagsHaveRows() throws IOException {
    write(
        "events.out.tfevents.1",
        file(at(1, simple("a", 0.1), simple("b", 1)), at(2, simple("a", 0.2), simple("c", 3))));
    assertThat(export("--tag", "c", "--tag", "a", "--all-values").status()).isZero();
    assertThat(table())
        .containsExactly(
            "run,tag,step,wall_time,value",
            ".,c,2,1700000002.25,3.0",
            ".,a,1,1700000001.25,0.1",
            ".,a,2,1700000002.25,0.2");
  }

  /** The folder itself may be hidden. */
  @Test
  void whatIsHiddenBelowTheFolderIsNoRun() throws IOException {
    folder = folder.resolve(".logs");
    write("run/events.out.tfevents.1", file(at(1, simple("a", 1))));
    write("run/._events.out.tfevents.2", file(at(2, simple("b", 2))));
    write(".trash/run/events.out.tfevents.1", file(at(3, simple("a", 3))));
    assertThat(export().status()).isZero();
    assertThat(table()).containsExactly("run,a last,a best,a best_step", "run,1.0,1.0,1");
  }

  /** As TensorFlow 2 and Keras write them. */
  @Test
  void tensorsOfOneNumberAreNumbers() throws IOException {
    ByteString content = ByteString.copyFrom(little(Float.BYTES).putFloat(0.1f).array());
    ByteString doubles = ByteString.copyFrom(little(Double.BYTES).putDouble(0.3).array());
    write(
        "events.out.tfevents.1",
        file(
            at(
                5,
                tensor("content", of(DataType.DT_FLOAT).setTensorContent(content)),
                tensor("doubles", of(DataType.DT_DOUBLE).setTensorContent(doubles)),
                tensor("float", of(DataType.DT_FLOAT).addFloatVal(0.2f)),
                tensor("int", of(DataType.DT_INT64).addInt64Val(1L << 40)),
                tensor("nothing", of(DataType.DT_FLOAT)),
                of("hparams", tensor("hparams", of(DataType.DT_FLOAT).addFloatVal(0))),
                of("scalars", tensor("scalar", of(DataType.DT_FLOAT).addFloatVal(3))),
                tensor("text", of(DataType.DT_STRING).addStringVal(ByteString.copyFromUtf8("0.5"))),
                tensor("vector", of(DataType.DT_FLOAT).setTensorShape(ONE).addFloatVal(1)),
                Summary.Value.newBuilder()
                    .setTag("picture")
                    .setImage(Summary.Image.newBuilder().setHeight(1)))));
    assertThat(export("--all_values").status()).isZero();
    assertThat(table().stream().skip(1).map(row -> row.replaceAll("^.,(.*),5,1.*,", "$1 ")))
        .containsExactly(
            "content 0.1", "doubles 0.3", "float 0.2", "int 1.099511627776E12", "scalar 3.0");
  }

  /** A run that goes on says so, and takes the steps since its last checkpoint again. */
  @Test
  void stepsThatAreTakenAgainCountOnce() throws IOException {
    write(
        "run/events.out.tfevents.1",
        file(at(1, simple("a", 1)), at(2, simple("a", 2)), at(3, simple("a", 9))));
    write(
        "run/events.out.tfevents.2",
        file(
            Event.newBuilder()
                .setStep(2)
                .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START))
                .build(),
            at(2, simple("a", 4))));
    assertThat(export().status()).isZero();
    assertThat(table()).contains("run,4.0,4.0,2");
  }

  @Test
  void whatIsBeingWrittenIsPassedOver() throws IOException {
    byte[] whole = file(at(1, simple("a", 1)), at(2, simple("a", 2)));
    int first = file(at(1, simple("a", 1))).length;
    for (int length = first; length < whole.length; length++) {
      write("events.out.tfevents.1", Arrays.copyOf(whole, length));
      assertThat(export()).extracting(Cli::status, Cli::err).containsExactly(0, "");
      assertThat(table()).contains(".,1.0,1.0,1");
    }
  }

  @Test
  void whatIsBrokenIsSaidAndOtherRunsCount() throws IOException {
    byte[] broken = file(at(1, simple("a", 1)), at(2, simple("a", 2)));
    int first = file(at(1, simple("a", 1))).length;
    broken[first + 20] ^= 1;
    write("broken/events.out.tfevents.1", broken);
    write("whole/events.out.tfevents.1", file(at(3, simple("a", 3))));
    Cli result = export();
    assertThat(result.status()).isZero();
    assertThat(result.err())
        .startsWith(
            "warning: "
                + folder.resolve("broken/events.out.tfevents.1")
                + " is broken from byte "
                + first
                + " on: expected the checksum ")
        .endsWith("; what comes after it is left out" + System.lineSeparator());
    assertThat(table()).contains("broken,1.0,1.0,1", "whole,3.0,3.0,3");
  }

  @Test
  void whatCannotBeIsSaid() throws IOException {
    assertThat(export().err())
        .contains("no event files below " + folder + ": expected files with tfevents");
    write("events.out.tfevents.1", file(at(1, simple("val/acc", 1), simple("b", 1))));
    Cli unknown = export("--tag", "val/ac");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("no run below " + folder + " has the tag val/ac; there are b, val/acc");
    assertThat(folder.resolve("out.csv")).doesNotExist();
    Path own = folder.resolve("events.out.tfevents.1");
    byte[] before = Files.readAllBytes(own);
    assertThat(Cli.run("export-scalars", folder.toString(), "--output", own.toString()).status())
        .isEqualTo(1);
    assertThat(own).hasBinaryContent(before);
  }

  @Test
  void ourOwnRunsAreThere() throws IOException {
    Path run = TinyRun.train(folder, "NoposPerformer", "--max_epochs=2");
    assertThat(export("--tag", "test/acc", "--tag", "val/loss").status()).isZero();
    Results results = Results.read(run.resolve("results.json"));
    List<String> row = List.of(table().get(1).split(","));
    assertThat(row.get(0)).isEqualTo(folder.relativize(run).toString());
    assertThat(Float.parseFloat(row.get(1))).isEqualTo((float) results.testAcc());
    assertThat(row.get(6)).isIn("5", "10"); // steps at the ends of the epochs
  }
}
