package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

class SavedModelTest {

  @TempDir Path folder;

  private static byte[] image(byte[] images, int index) {
    return Arrays.copyOfRange(images, index * TinyModel.PIXELS, (index + 1) * TinyModel.PIXELS);
  }

  private static void assertPredicts(Predictions predictions, int index, byte[] image) {
    float[] expected = TinyModel.expectedLogits(image);
    double sum = 0;
    for (float logit : expected) {
      sum += Math.exp(logit);
    }
    int best = 0;
    for (int c = 0; c < expected.length; c++) {
      assertThat(predictions.logits(index)[c]).isCloseTo(expected[c], within(1e-4f));
      assertThat(predictions.probabilities(index)[c])
          .isCloseTo((float) (Math.exp(expected[c]) / sum), within(1e-4f));
      best = expected[c] > expected[best] ? c : best;
    }
    assertThat(predictions.predictedClass(index)).isEqualTo(best);
  }

  @Test
  void predictsOneBatch() {
    byte[] images = TinyModel.images(13);
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu())) {
      assertThat(model.info()).isEqualTo(TinyModel.info());
      Predictions predictions = model.predict(ByteBuffer.wrap(images), 13);
      assertThat(predictions.count()).isEqualTo(13);
      assertThat(predictions.classCount()).isEqualTo(TinyModel.CLASSES);
      for (int i = 0; i < 13; i++) {
        assertPredicts(predictions, i, image(images, i));
      }
    }
  }

  @Test
  void readsFromTheBuffersPosition() {
    byte[] images = TinyModel.images(3);
    ByteBuffer buffer = ByteBuffer.allocateDirect(images.length).put(images);
    buffer.position(TinyModel.PIXELS).limit(2 * TinyModel.PIXELS);
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu())) {
      assertPredicts(model.predict(buffer, 1), 0, image(images, 1));
      assertThat(buffer.position()).isEqualTo(TinyModel.PIXELS);
    }
  }

  @Test
  void predictsEncodedImages() {
    byte[] images = TinyModel.images(2);
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu())) {
      assertThat(model.takesEncodedImages()).isTrue();
      Predictions predictions = model.predictEncoded(List.of(image(images, 0), image(images, 1)));
      assertPredicts(predictions, 0, image(images, 0));
      assertPredicts(predictions, 1, image(images, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void predictsAllInOrder(int threads) {
    int count = 43;
    byte[] images = TinyModel.images(count);
    List<Integer> progress = Collections.synchronizedList(new ArrayList<>());
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu(threads))) {
      Predictions predictions =
          model.predictAll(
              count,
              (index, into) -> into.put(images, index * TinyModel.PIXELS, TinyModel.PIXELS),
              progress::add);
      for (int i = 0; i < count; i++) {
        assertPredicts(predictions, i, image(images, i));
      }
      assertThat(progress).isSorted().endsWith(count).hasSize(11);
      assertThat(model.predictAll(0, (index, into) -> {}, done -> {}).count()).isZero();
    }
  }

  @Test
  void chunksOfTheSizeThatTheModelNames() {
    assertThat(progressOfTwentyAtOnce(43, 1)).containsExactly(20, 40, 43);
  }

  @Test
  void everyThreadHasItsShareOfFewImages() {
    assertThat(progressOfTwentyAtOnce(31, 3)).hasSize(3).endsWith(31); // 11, 11 and 9
  }

  /** What is told of a prediction, which is checked, by a model that names 20 images. */
  private List<Integer> progressOfTwentyAtOnce(int count, int threads) {
    ModelInfo large = TinyModel.info(ModelInfo.EXAMPLE, Optional.of(20));
    byte[] images = TinyModel.images(count);
    List<Integer> progress = new ArrayList<>();
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m"), large), LoadOptions.cpu(threads))) {
      assertThat(model.imagesAtOnce()).isEqualTo(20);
      Predictions predictions =
          model.predictAll(
              count,
              (index, into) -> into.put(images, index * TinyModel.PIXELS, TinyModel.PIXELS),
              progress::add);
      for (int i = 0; i < count; i++) {
        assertPredicts(predictions, i, image(images, i));
      }
    }
    return progress;
  }

  @Test
  void wholeBatchesForAModelThatDependsOnThem() {
    // 37 images are batches of 16, 16 and 5, each shifted by the largest pixel in it.
    int count = 37;
    byte[] images = TinyModel.images(count);
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) ((images[i] & 0x3f) + i / TinyModel.PIXELS);
    }
    Path path = TinyModel.write(folder.resolve("m"), TinyModel.info(ModelInfo.BATCH));
    try (SavedModel model = SavedModel.load(path, LoadOptions.cpu(2))) {
      Predictions predictions =
          model.predictAll(
              count,
              (index, into) -> into.put(images, index * TinyModel.PIXELS, TinyModel.PIXELS),
              done -> {});
      for (int i = 0; i < count; i++) {
        int last = Math.min(count, (i / 16 + 1) * 16) - 1;
        int maximum = 0;
        for (byte pixel :
            Arrays.copyOfRange(
                images, i / 16 * 16 * TinyModel.PIXELS, (last + 1) * TinyModel.PIXELS)) {
          maximum = Math.max(maximum, pixel & 0xff);
        }
        float expected = TinyModel.expectedLogits(image(images, i))[3] + maximum;
        assertThat(predictions.logits(i)[3]).isCloseTo(expected, within(1e-3f));
      }
    }
  }

  @Test
  void aFailingSourceStopsThePrediction() {
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu(2))) {
      assertThatThrownBy(
              () ->
                  model.predictAll(
                      1000,
                      (index, into) -> {
                        if (index == 17) {
                          throw new IllegalStateException("no image 17");
                        }
                        into.put(new byte[TinyModel.PIXELS]);
                      },
                      done -> {}))
          .hasMessage("no image 17");
    }
  }

  @Test
  void refusesASourceOfImagesOfAnotherSize() {
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu(1))) {
      // Two of them together have the size of two images.
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  model.predictAll(
                      2,
                      (index, into) -> into.put(new byte[TinyModel.PIXELS - 3 + 6 * index]),
                      done -> {}))
          .withMessage("image 0: expected 5x7x3 (105 bytes), found 102 bytes");
    }
  }

  @Test
  void anInterruptEndsThePrediction() {
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu(2))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () ->
                  model.predictAll(
                      1_000_000, (index, into) -> into.put(new byte[TinyModel.PIXELS]), done -> {}))
          .hasMessage("interrupted while predicting");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void refusesUseAfterClose() {
    SavedModel model = SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu());
    model.close();
    model.close();
    assertThatThrownBy(() -> model.predict(ByteBuffer.allocate(TinyModel.PIXELS), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the SavedModel " + folder.resolve("m/saved_model.pb") + " is closed");
    assertThatThrownBy(() -> model.predictEncoded(List.of(new byte[3])))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesABufferOfAnotherSize() {
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.predict(ByteBuffer.allocate(209), 2))
          .withMessage("expected 2 images of 5x7x3 (210 bytes), found 209 bytes");
    }
  }

  @Test
  void anEncodedImageThatFailsIsAnError() {
    Path path = TinyModel.write(folder.resolve("m"));
    try (SavedModel model = SavedModel.load(path, LoadOptions.cpu())) {
      assertThatThrownBy(() -> model.predictEncoded(List.of(new byte[] {1, 2, 3})))
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith(path + "/saved_model.pb: signature encoded_images failed: ");
    }
  }

  @Test
  void loadsFromARunDirectoryAndAfterMoving() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    TinyModel.write(run.resolve("saved_model"));
    assertThat(SavedModel.isPresent(run)).isTrue();
    Path moved = Files.move(run, folder.resolve("a moved rün"));
    byte[] images = TinyModel.images(1);
    try (SavedModel model = SavedModel.load(moved, LoadOptions.cpu(1))) {
      assertPredicts(model.predict(ByteBuffer.wrap(images), 1), 0, images);
    }
  }

  @Test
  void isAStandardSavedModel() {
    Path path = TinyModel.write(folder.resolve("m"));
    byte[] images = TinyModel.images(2);
    try (SavedModelBundle bundle = SavedModelBundle.load(path.toString(), "serve")) {
      assertThat(bundle.signatures().stream().map(Signature::key))
          .containsExactlyInAnyOrder("serving_default", "encoded_images");
      assertThat(bundle.signatures().stream().map(Signature::methodName))
          .containsOnly("tensorflow/serving/predict");
      Signature.TensorDescription input =
          bundle.function("serving_default").signature().getInputs().get("images");
      assertThat(input.dataType).isEqualTo(DataType.DT_UINT8);
      assertThat(input.shape.asArray()).containsExactly(-1, 5, 7, 3);
      assertThat(bundle.metaGraphDef().getMetaInfoDef().getTagsList()).containsExactly("serve");
      assertThat(bundle.metaGraphDef().getMetaInfoDef().getTensorflowVersion()).isNotEmpty();
      assertThat(bundle.metaGraphDef().hasSaverDef()).isFalse();
      try (TUint8 tensor = TUint8.tensorOf(Shape.of(2, 5, 7, 3), DataBuffers.of(images));
          Result result = bundle.function("serving_default").call(Map.of("images", tensor))) {
        TFloat32 logits = (TFloat32) result.get("logits").orElseThrow();
        assertThat(logits.getFloat(1, 4))
            .isCloseTo(TinyModel.expectedLogits(image(images, 1))[4], within(1e-4f));
        assertThat(((TInt64) result.get("classes").orElseThrow()).shape()).isEqualTo(Shape.of(2));
      }
    }
    assertThat(path.resolve("variables")).isEmptyDirectory();
    assertThat(path.resolve("assets.extra/model.json")).isRegularFile();
  }

  /** All have as many values as whole images: what reads them could make something of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1,7,5,3", "2,35,3,1", "4,5,7,3,1", "1,5,21,1", "3,1,35,3", "105", "5,7,3"})
  void refusesImagesOfAnotherShape(String sizes) {
    long[] shape = Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray();
    Path path = TinyModel.write(folder.resolve("m"));
    try (SavedModelBundle bundle = SavedModelBundle.load(path.toString(), "serve");
        TUint8 tensor = TUint8.tensorOf(Shape.of(shape))) {
      assertThatThrownBy(
              () -> bundle.function("serving_default").call(Map.of("images", tensor)).close())
          .hasMessageContaining("[%s] is not compatible with expected shape [?,5,7,3]", sizes)
          .hasMessageContaining("node images/");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1,1", "2,1", "1,2"})
  void refusesEncodedImagesOfAnotherShape(String sizes) {
    long[] shape =
        sizes.isEmpty()
            ? new long[0]
            : Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray();
    byte[][] bytes = new byte[(int) Shape.of(shape).size()][TinyModel.PIXELS];
    Path path = TinyModel.write(folder.resolve("m"));
    try (SavedModelBundle bundle = SavedModelBundle.load(path.toString(), "serve");
        TString tensor =
            TString.tensorOfBytes(Shape.of(shape), DataBuffers.of(bytes, true, false))) {
      assertThatThrownBy(
              () -> bundle.function("encoded_images").call(Map.of("image_bytes", tensor)).close())
          .hasMessageContaining("[%s] is not compatible with expected shape [?]", sizes)
          .hasMessageContaining("node image_bytes/");
    }
  }

  @Test
  void ensuresEveryInputOfAnySignature() {
    Path path = folder.resolve("m");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var pairs =
          tf.withName("pairs").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      var any = tf.withName("any").placeholder(TFloat32.class);
      // A name that the check would like to have.
      graph
          .opBuilder("L2Loss", "pairs/ensured", graph.baseScope())
          .addInput(pairs.asOutput())
          .build();
      org.tensorflow.Output<TFloat32> halfSquares =
          graph.operationOrThrow("pairs/ensured").output(0);
      tf.withName("out").math.add(halfSquares, tf.reduceSum(any, tf.array(0)));
      SavedModelWriter.write(
          graph,
          List.of(
              new SignatureSpec(
                  "s", Map.of("pairs", "pairs:0", "any", "any:0"), Map.of("out", "out:0"))),
          TinyModel.info(),
          path);
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(path.toString(), "serve");
        TFloat32 right = TFloat32.tensorOf(Shape.of(3, 2), DataBuffers.of(new float[6]));
        TFloat32 wrong = TFloat32.tensorOf(Shape.of(2, 3));
        TFloat32 any = TFloat32.vectorOf(4, 5)) {
      try (Result result = bundle.function("s").call(Map.of("pairs", right, "any", any))) {
        assertThat(((TFloat32) result.get("out").orElseThrow()).getFloat()).isEqualTo(9);
      }
      assertThatThrownBy(
              () -> bundle.function("s").call(Map.of("pairs", wrong, "any", any)).close())
          .hasMessageContaining("[2,3] is not compatible with expected shape [?,2]")
          .hasMessageContaining("node pairs/ensured_");
    }
  }

  @Test
  void writesOnlyWhatTheSignaturesNeed() {
    Path path = folder.resolve("m");
    try (Graph graph = new Graph()) {
      List<SignatureSpec> signatures = TinyModel.build(graph);
      Ops tf = Ops.create(graph);
      tf.withName("unneeded").math.exp(tf.placeholder(TFloat32.class));
      tf.withName("weights").variable(Shape.of(2), TFloat32.class);
      SavedModelWriter.write(graph, signatures, TinyModel.info(), path);
    }
    MetaGraphDef metaGraph = SavedModelFile.read(path);
    assertThat(metaGraph.getGraphDef().getNodeList().stream().map(NodeDef::getName))
        .contains("images", "image_bytes")
        .doesNotContain("unneeded", "weights");
    assertThat(
            metaGraph.getMetaInfoDef().getStrippedOpList().getOpList().stream()
                .map(op -> op.getName()))
        .contains("MatMul", "Const", "DecodeRaw")
        .doesNotContain("Exp");
    assertThat(
            metaGraph.getGraphDef().getNodeList().stream().filter(n -> n.getOp().equals("MatMul")))
        .isNotEmpty()
        .allSatisfy(node -> assertThat(node.getAttrMap()).containsOnlyKeys("T"));
    try (SavedModel model = SavedModel.load(path, LoadOptions.cpu())) {
      assertThat(model.takesEncodedImages()).isTrue();
    }
  }

  @Test
  void anInputMayBeATensorInsideTheGraph() {
    Path path = folder.resolve("m");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var text = tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
      var decoded = tf.reshape(tf.io.decodeRaw(text, TUint8.class), tf.array(-1, 5, 7, 3));
      var images = tf.placeholderWithDefault(decoded, Shape.of(-1, 5, 7, 3));
      var logits =
          tf.reshape(
              tf.slice(
                  tf.reshape(tf.dtypes.cast(images, TFloat32.class), tf.array(-1, 105)),
                  tf.array(0, 0),
                  tf.array(-1, TinyModel.CLASSES)),
              tf.array(-1, TinyModel.CLASSES));
      var probabilities = tf.nn.softmax(logits);
      var classes = tf.math.argMax(logits, tf.constant(1), TInt64.class);
      SavedModelWriter.write(
          graph,
          List.of(
              SignatureSpec.servingDefault(images, logits, probabilities, classes),
              SignatureSpec.encodedImages(text, logits, probabilities, classes)),
          TinyModel.info(),
          path);
    }
    byte[] images = TinyModel.images(2);
    try (SavedModel model = SavedModel.load(path, LoadOptions.cpu())) {
      Predictions raw = model.predict(ByteBuffer.wrap(images), 2);
      Predictions encoded = model.predictEncoded(List.of(image(images, 0), image(images, 1)));
      assertThat(raw.logits(1)[4]).isEqualTo(images[TinyModel.PIXELS + 4] & 0xff);
      assertThat(encoded.logits(1)).isEqualTo(raw.logits(1));
    }
  }

  @Test
  void freesTheTensorsOfPredictions() {
    ByteBuffer images = ByteBuffer.allocateDirect(3 * TinyModel.PIXELS);
    List<byte[]> encoded = List.of(new byte[TinyModel.PIXELS]);
    try (SavedModel model =
        SavedModel.load(TinyModel.write(folder.resolve("m")), LoadOptions.cpu(1))) {
      model.predict(images, 3);
      model.predictEncoded(encoded);
      // Native objects that nobody has closed yet; too few are made here for a garbage collection.
      long before = Pointer.totalCount();
      for (int i = 0; i < 200; i++) {
        model.predict(images, 3);
        model.predictEncoded(encoded);
      }
      assertThat(Pointer.totalCount() - before).isLessThan(100);
    }
  }

  @Test
  void findsAModelThatWasBeingReplaced() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    TinyModel.write(run.resolve(".saved_model.previous"));
    assertThat(SavedModel.isPresent(run)).isTrue();
    SavedModel.load(run, LoadOptions.cpu()).close();
    TinyModel.write(run.resolve("saved_model"));
    assertThat(run).isDirectoryNotContaining("glob:**.previous");
  }

  @Test
  void refusesAGraphWithVariables() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var input = tf.withName("in").placeholder(TFloat32.class);
      tf.withName("out").math.add(input, tf.variable(Shape.of(2), TFloat32.class));
      assertThatThrownBy(() -> writeOne(graph, "in:0", "out:0"))
          .hasMessage(
              "the graph has variables (VariableV2): export a graph whose weights are constants");
    }
  }

  @Test
  void refusesInternalOperations() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var input = tf.withName("in").placeholder(TFloat32.class, Placeholder.shape(Shape.of(2, 2)));
      graph
          .opBuilder("_FusedMatMul", "out", graph.baseScope())
          .addInput(input.asOutput())
          .addInput(input.asOutput())
          .addInputList(new org.tensorflow.Output<?>[] {tf.constant(new float[2]).asOutput()})
          .setAttr("fused_ops", new String[] {"BiasAdd"})
          .build();
      assertThatThrownBy(() -> writeOne(graph, "in:0", "out:0"))
          .hasMessage(
              "the graph uses _FusedMatMul, an operation internal to TensorFlow that other loaders"
                  + " refuse: export a graph of public operations");
    }
  }

  @Test
  void refusesAnInputThatNobodyFeeds() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var input = tf.withName("in").placeholder(TFloat32.class);
      tf.withName("out").math.add(input, tf.withName("rate").placeholder(TFloat32.class));
      assertThatThrownBy(() -> writeOne(graph, "in:0", "out:0"))
          .hasMessage(
              "signature s needs the placeholder rate, which is not among its inputs [in:0]");
      assertThatThrownBy(() -> writeOne(graph, "in:0", "out:1"))
          .hasMessage("signature s names out:1, which the graph does not have");
      assertThatThrownBy(() -> writeOne(graph, "in:0", "nothing"))
          .hasMessage("signature s names nothing, which the graph does not have");
    }
    assertThat(folder).isEmptyDirectory();
  }

  private void writeOne(Graph graph, String input, String output) {
    SignatureSpec signature = new SignatureSpec("s", Map.of("in", input), Map.of("out", output));
    SavedModelWriter.write(graph, List.of(signature), TinyModel.info(), folder.resolve("m"));
  }

  @Test
  void saysWhenThereIsNoModel() {
    assertThatThrownBy(() -> SavedModel.load(folder, LoadOptions.cpu()))
        .hasMessage(
            "there is no SavedModel in "
                + folder
                + ": expected saved_model.pb or saved_model/saved_model.pb");
    assertThatThrownBy(() -> SavedModel.load(folder.resolve("nowhere"), LoadOptions.cpu()))
        .hasMessageEndingWith("saved_model/saved_model.pb, but the folder does not exist");
    assertThat(SavedModel.isPresent(folder)).isFalse();
  }

  @Test
  void checksTheSignatures() throws IOException {
    Path path = folder.resolve("m");
    try (Graph graph = new Graph()) {
      List<SignatureSpec> both = TinyModel.build(graph);
      SavedModelWriter.write(graph, both.subList(0, 1), TinyModel.info(), path);
      try (SavedModel model = SavedModel.load(path, LoadOptions.cpu())) {
        assertThat(model.takesEncodedImages()).isFalse();
        assertThatThrownBy(() -> model.predictEncoded(List.of(new byte[1])))
            .hasMessage(
                path
                    + "/saved_model.pb: there is no signature encoded_images, found"
                    + " [serving_default]");
      }
      SavedModelWriter.write(graph, both.subList(1, 2), TinyModel.info(), path);
      assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
          .hasMessage(
              path
                  + "/saved_model.pb: there is no signature serving_default, found [encoded_images]");
      SignatureSpec raw = both.get(0);
      SavedModelWriter.write(
          graph,
          List.of(
              new SignatureSpec(
                  raw.name(), Map.of("images", "image_bytes:0"), both.get(1).outputs())),
          TinyModel.info(),
          path);
      assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
          .hasMessage(
              path
                  + "/saved_model.pb: signature serving_default: input images should be uint8 [?, 5,"
                  + " 7, 3], found string [?]");
      SavedModelWriter.write(
          graph,
          List.of(
              new SignatureSpec(
                  raw.name(), raw.inputs(), Map.of("logits", raw.outputs().get("logits")))),
          TinyModel.info(),
          path);
      assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
          .hasMessage(
              path
                  + "/saved_model.pb: signature serving_default has no output probabilities, found"
                  + " [logits]");
    }
    Files.delete(path.resolve("assets.extra/model.json"));
    assertThatThrownBy(() -> SavedModel.load(path, LoadOptions.cpu()))
        .hasMessage("cannot read " + path + "/assets.extra/model.json: no such file or directory");
  }

  @Test
  void keepsWhatElseLiesInTheFolder() throws IOException {
    Path path = TinyModel.write(folder.resolve("m"));
    List<String> others = List.of("notes.txt", "assets.extra/warmup", "mine/deep/thesis.tex");
    for (String other : others) {
      Files.createDirectories(path.resolve(other).getParent());
      Files.writeString(path.resolve(other), other);
    }
    TinyModel.write(path, TinyModel.info(ModelInfo.BATCH));
    for (String other : others) {
      assertThat(path.resolve(other)).hasContent(other);
    }
    assertThat(ModelInfo.read(path.resolve("assets.extra/model.json")).dependsOnBatch()).isTrue();
  }

  @Test
  void writesOverAnOlderModel() {
    Path path = TinyModel.write(folder.resolve("m"));
    TinyModel.write(path, TinyModel.info(ModelInfo.BATCH));
    try (SavedModel model = SavedModel.load(path, LoadOptions.cpu())) {
      assertThat(model.info().dependsOnBatch()).isTrue();
    }
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(path));
  }
}
