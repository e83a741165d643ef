package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Files that no writer of ours made: an error that names the file, and the process lives on. */
class DamagedSavedModelTest {

  @TempDir Path folder;
  private Path path;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void writeModel() throws IOException {
    path = TinyModel.write(folder.resolve("m"));
    file = path.resolve("saved_model.pb");
    whole = Files.readAllBytes(file);
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    for (int length = 0; length < whole.length; length += 1 + length / 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @Test
  void survivesChangedBytes() throws IOException {
    assertSurvives(60, new Random(3));
  }

  @Test
  @Tag("fuzz")
  void survivesManyChangedBytes() throws IOException {
    assertSurvives(3000, new Random(4));
  }

  private void assertSurvives(int attempts, Random random) throws IOException {
    int refused = 0;
    for (int i = 0; i < attempts; i++) {
      byte[] bytes = whole.clone();
      for (int change = 0; change <= i % 3; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, bytes);
      try (SavedModel model = SavedModel.load(path, LoadOptions.cpu(1))) {
        model.predict(ByteBuffer.allocate(TinyModel.PIXELS), 1);
      } catch (RunException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
        assertThat(e.getMessage()).doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void refusesOtherFiles() throws IOException {
    Files.writeString(file, "this is no protocol buffer");
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessageStartingWith(file + ": damaged or no SavedModel: ");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessage(file + ": expected a graph tagged [serve], found []");
  }

  @Test
  void refusesAnOperationThatTensorFlowLacks() throws IOException {
    changeGraph(graph -> graph.addNode(NodeDef.newBuilder().setName("n").setOp("NoSuchOperation")));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessageStartingWith(
            file + ": node n is of the operation NoSuchOperation, which TensorFlow")
        .hasMessageEndingWith("does not have");
  }

  @Test
  void refusesConstantsThatWouldFillTheMemory() throws IOException {
    for (long[] shape : new long[][] {{1L << 40}, {1L << 31, 1L << 31, 1L << 31}, {-3}}) {
      TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
      for (long size : shape) {
        dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
      }
      AttrValue value =
          AttrValue.newBuilder()
              .setTensor(
                  TensorProto.newBuilder()
                      .setDtype(DataType.DT_FLOAT)
                      .setTensorShape(dims)
                      .addFloatVal(1))
              .build();
      Files.write(file, whole);
      changeGraph(
          graph ->
              graph.addNode(
                  NodeDef.newBuilder()
                      .setName("large")
                      .setOp("Const")
                      .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                      .putAttr("value", value)));
      assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
          .hasMessage(file + ": node large has a constant of an impossible size");
    }
  }

  @Test
  void refusesFunctionsThatCallThemselves() throws IOException {
    changeGraph(
        graph ->
            graph
                .getLibraryBuilder()
                .addFunction(
                    FunctionDef.newBuilder()
                        .setSignature(OpDef.newBuilder().setName("loop"))
                        .addNodeDef(NodeDef.newBuilder().setName("again").setOp("loop"))));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessage(file + ": its functions call themselves: [loop]");
  }

  @Test
  void refusesATensorThatTheGraphDoesNotHave() throws IOException {
    for (String tensor : new String[] {"images:7", "images:99999999999", "nothing:0", "", ":"}) {
      Files.write(file, whole);
      change(
          metaGraph -> {
            var signature = metaGraph.getSignatureDefOrThrow("serving_default").toBuilder();
            TensorInfo info = signature.getInputsOrThrow("images");
            signature.putInputs("images", info.toBuilder().setName(tensor).build());
            metaGraph.putSignatureDef("serving_default", signature.build());
          });
      assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith(file + ": ")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void refusesAGraphThatTensorFlowRefuses() throws IOException {
    changeGraph(
        graph ->
            graph.addNode(
                NodeDef.newBuilder().setName("bad").setOp("Identity").addInput("not there")));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + ": TensorFlow cannot load it: ");
  }

  @Test
  void refusesADamagedDescription() throws IOException {
    Path json = path.resolve("assets.extra/model.json");
    String good = Files.readString(json);
    Files.writeString(json, good.replace("\"height\": 5", "\"height\": 0"));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessage(
            json + ": not the description of a model: height should be 1 to 16384, found 0");
    Files.writeString(json, good.replace("\"height\": 5", "\"height\": 6"));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessage(
            file
                + ": signature serving_default: input images should be uint8 [?, 6, 7, 3], found"
                + " uint8 [?, 5, 7, 3]");
    Files.writeString(json, good.replace("\"height\": 5,", ""));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessage(json + ": \"height\" is missing");
  }

  private void changeGraph(Consumer<GraphDef.Builder> change) throws IOException {
    change(metaGraph -> change.accept(metaGraph.getGraphDefBuilder()));
  }

  private void change(Consumer<MetaGraphDef.Builder> change) throws IOException {
    var model = org.tensorflow.proto.SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(model.getMetaGraphsBuilder(0));
    Files.write(file, model.build().toByteArray());
  }
}
