package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** With another bias in its twin the model's logits say which of the two was computed. */
class CompiledTwinsFileTest {

  private static final float OTHER = 1000;

  @TempDir Path folder;
  private Path path;
  private Path file;

  @BeforeEach
  void writeModel() {
    path = folder.resolve("m");
    file = path.resolve("assets.extra/compiled.pb");
    write(path, graph -> GraphDef.getDefaultInstance());
  }

  private interface Twins {

    GraphDef of(GraphDef graph);
  }

  private static void write(Path target, Twins twins) {
    try (Graph graph = new Graph()) {
      List<SignatureSpec> signatures = TinyModel.build(graph);
      SavedModelWriter.write(
          graph, signatures, TinyModel.info(), twins.of(graph.toGraphDef()), target);
    }
  }

  /** All vectors of constants that are biases become larger. */
  private static GraphDef otherBiases(GraphDef graph) {
    GraphDef.Builder twins = GraphDef.newBuilder();
    for (NodeDef bias : graph.getNodeList()) {
      if (bias.getOp().equals("BiasAdd")) {
        String constant = bias.getInput(1);
        NodeDef node =
            graph.getNodeList().stream()
                .filter(each -> each.getName().equals(constant))
                .findFirst()
                .orElseThrow();
        AttrValue value = node.getAttrOrThrow("value");
        AttrValue.Builder other = value.toBuilder();
        other.getTensorBuilder().clearTensorContent().clearFloatVal().addFloatVal(OTHER);
        twins.addNode(
            NodeDef.newBuilder()
                .setName(node.getName())
                .setOp(node.getOp())
                .putAttr("value", other.build()));
      }
    }
    return twins.build();
  }

  private float firstLogit(LoadOptions options) {
    try (SavedModel model = SavedModel.load(path, options)) {
      return model.predict(ByteBuffer.allocate(TinyModel.PIXELS), 1).logits(0)[0];
    }
  }

  @Test
  void theProcessorTakesTheTwins() {
    float stock = firstLogit(LoadOptions.cpu(1));
    assertThat(file).doesNotExist();

    write(path, CompiledTwinsFileTest::otherBiases);
    assertThat(firstLogit(LoadOptions.cpu(1))).isEqualTo(OTHER).isNotEqualTo(stock);
    assertThat(firstLogit(LoadOptions.cpu(1).withoutCompiling())).isEqualTo(stock);
  }

  @Test
  void twinsOfAnotherModelAreNotTaken() throws IOException {
    float stock = firstLogit(LoadOptions.cpu(1));
    write(path, CompiledTwinsFileTest::otherBiases);
    byte[] twins = Files.readAllBytes(file);
    byte[] changed = Arrays.copyOf(twins, twins.length);
    Matcher digest =
        Pattern.compile("[0-9a-f]{64}").matcher(new String(twins, StandardCharsets.ISO_8859_1));
    assertThat(digest.find()).isTrue();
    changed[digest.start()] = (byte) (changed[digest.start()] == 'a' ? 'b' : 'a');
    Files.write(file, changed);
    assertThat(firstLogit(LoadOptions.cpu(1))).isEqualTo(stock);
  }

  @Test
  void anExportWithoutTwinsRemovesThoseThatWereThere() {
    write(path, CompiledTwinsFileTest::otherBiases);
    assertThat(file).isRegularFile();
    write(path, graph -> GraphDef.getDefaultInstance());
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesADamagedFile() throws IOException {
    write(path, CompiledTwinsFileTest::otherBiases);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu(1)))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + ": damaged: ")
        .hasMessageEndingWith("; the model works without this file, slower: delete it");
  }

  /** A changed byte is an error or without effect: never another answer. */
  @Test
  void refusesChangedBytes() throws IOException {
    float stock = firstLogit(LoadOptions.cpu(1));
    write(path, CompiledTwinsFileTest::otherBiases);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      byte[] bytes = whole.clone();
      int place = random.nextInt(bytes.length);
      bytes[place] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
      try {
        assertThat(firstLogit(LoadOptions.cpu(1))).isIn(OTHER, stock);
      } catch (RunException e) {
        refused++;
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
    assertThat(refused).isGreaterThan(20);
  }

  @Test
  void refusesTwinsThatDoNotFit() {
    write(
        path,
        graph ->
            GraphDef.newBuilder()
                .addNode(NodeDef.newBuilder().setName("x").setOp("Const"))
                .build());
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu(1)))
        .isInstanceOf(RunException.class)
        .hasMessage(
            file
                + ": the model has no node x; the model works without this file, slower: delete it");
  }
}
