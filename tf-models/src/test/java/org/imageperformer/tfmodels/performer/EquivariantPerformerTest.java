package org.imageperformer.tfmodels.performer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EDGES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EMBEDDING_TYPE;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURES;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_COUNT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.LOCAL;
import static org.imageperformer.tfmodels.performer.PerformerOptions.MAX_WAVE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.PixelFeatures;
import org.imageperformer.tfmodels.encoding.Waves;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.graph.PassOptions.Precision;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.kernels.Edges;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The guarantee of EquivariantPerformer, and its agreement with the golden cases and the host. */
class EquivariantPerformerTest {
  private static final PassOptions FAST = new PassOptions(Kernels.FAST, Precision.FP32);
  private static final List<PassOptions> MODES = List.of(PassOptions.PLAIN, FAST);

  /** Of weights that let positions matter much, as after long training. */
  private static final double SPREAD = 0.4;

  static Stream<String> goldenCases() {
    return EquivariantCase.names().stream();
  }

  /** Each feature and each mode once; the golden cases hold the modes together. */
  static Stream<Arguments> features() {
    return Stream.of(
        Arguments.of(PixelFeatures.ELU, FAST),
        Arguments.of(PixelFeatures.FAVOR, PassOptions.PLAIN));
  }

  static Stream<Arguments> otherFeatures() {
    return Stream.of(
        Arguments.of(PixelFeatures.ELU, PassOptions.PLAIN),
        Arguments.of(PixelFeatures.FAVOR, FAST));
  }

  static Stream<Arguments> everyFeature() {
    return with(Stream.of(PixelFeatures.values()));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("otherFeatures")
  void theSameHoldsOfTheOtherFeaturesAndModes(PixelFeatures features, PassOptions mode) {
    logitsAreTheSameForEveryRollAndStatesRollAlong(features, mode);
    agreesWithWeightsWrittenOut(features, mode);
    everyTrainedWeightGetsAGradient(features, mode);
    logitsMoveWithoutAClosedTorusAndWholeWaves(features, mode);
    aFigureMovedInsideItsMarginsKeepsItsLogits(features, mode);
    anImageIsPredictedAloneAsInAnyBatch(features, mode);
  }

  private static Stream<Arguments> with(Stream<?> values) {
    return values.flatMap(value -> MODES.stream().map(mode -> Arguments.of(value, mode)));
  }

  /** 3 classes, dim 12, depth 3, 2 heads, no dropout. */
  private static ModelSpec spec(int height, int width, PixelFeatures features) {
    return spec(new ImageShape(height, width, 1), 3, 12, 3, 2).with(FEATURES, features);
  }

  private static ModelSpec spec(ImageShape shape, int classes, int dim, int depth, int heads) {
    return ModelSpec.of(PerformerFamily.EQUIVARIANT_PERFORMER, shape, classes)
        .with(HEADS, 1)
        .with(DIM, dim)
        .with(DEPTH, depth)
        .with(HEADS, heads)
        .with(ATTN_DROPOUT, 0.0)
        .with(FF_DROPOUT, 0.0);
  }

  private static EquivariantHarness harness(ModelSpec of, PassOptions mode) {
    return new EquivariantHarness(of, mode, weights -> (EquivariantPerformer) of.create(weights));
  }

  @ParameterizedTest
  @MethodSource("goldenCases")
  void agreesWithTheGoldenCases(String name) {
    checkGolden(name, PassOptions.PLAIN);
  }

  @Tag("slow") // tools' golden tests hold the fast blocks in every run of the tests
  @ParameterizedTest
  @MethodSource("goldenCases")
  void theFastBlocksAgreeWithTheGoldenCases(String name) {
    checkGolden(name, FAST);
  }

  private static void checkGolden(String name, PassOptions mode) {
    EquivariantCase golden = EquivariantCase.read(name);
    ModelSpec of =
        spec(
                new ImageShape(
                    golden.option("height"), golden.option("width"), golden.option("in_features")),
                golden.option("num_classes"),
                golden.option("dim"),
                golden.option("depth"),
                golden.option("heads"))
            .with(EMBEDDING_TYPE, EMBEDDING_TYPE.parse(golden.text("embedding_type")))
            .with(FEATURES, FEATURES.parse(golden.text("features")))
            .with(FEATURE_COUNT, golden.option("feature_count"))
            .with(LOCAL, golden.option("local"))
            .with(MAX_WAVE, golden.option("max_wave"));
    ImageShape shape = of.shape();
    try (EquivariantHarness model = harness(of, mode)) {
      Map<String, float[]> values = golden.tensors("weights");
      model.weights().requireMatch(values);
      model.assign(values);
      assertThat(model.weights().parameters()).isEqualTo((long) golden.number("parameters"));
      float[] images = flat(golden.images());
      assertClose(model.logits(images), golden.rows("logits"), 1e-5f);
      assertClose(model.trainedLogits(images), golden.rows("logits"), 1e-5f);
      int[] roll = golden.integers("roll");
      float[] rolled = rolled(images, shape, shape.channels(), roll[0], roll[1]);
      assertClose(model.logits(rolled), golden.rows("logits_rolled"), 1e-5f);
      assertClose(model.logits(rolled), model.logits(images), 1e-5f);

      Map<String, float[]> found = model.gradients(images, golden.integers("labels"));
      assertThat(found.remove("loss")[0]).isCloseTo((float) golden.number("loss"), within(1e-5f));
      Map<String, float[]> expected = golden.tensors("gradients");
      assertThat(found).containsOnlyKeys(expected.keySet());
      double whole = golden.number("gradient_norm");
      assertThat(
              Math.sqrt(
                  found.values().stream().mapToDouble(EquivariantPerformerTest::square).sum()))
          .isCloseTo(whole, within(1e-3 * whole));
      expected.forEach(
          (weight, gradient) -> {
            double norm = Math.sqrt(square(gradient));
            // The keys' biases move no class token's softmax: their gradients may be rounding.
            double tolerance = 1e-3 * (norm < 1e-5 * whole ? whole : norm);
            assertThat(found.get(weight))
                .as(weight)
                .containsExactly(gradient, within((float) tolerance));
          });
    }
  }

  /** Every roll of one image, as one batch. */
  @ParameterizedTest
  @MethodSource("features")
  void logitsAreTheSameForEveryRollAndStatesRollAlong(PixelFeatures features, PassOptions mode) {
    for (ModelSpec of : List.of(spec(8, 8, features), spec(6, 10, features))) {
      try (EquivariantHarness model = harness(of, mode)) {
        model.assign(model.randomValues(3, SPREAD));
        float[] rolls = everyRoll(randomImages(of, 1, 4), of.shape());
        assertUnmoved(model.logits(rolls));
        assertUnmoved(model.trainedLogits(rolls));
        List<float[][]> states = model.states(rolls);
        assertThat(states).hasSize(3);
        for (float[][] state : states) {
          double tolerance = 1e-5 * (1 + deviation(state));
          for (int roll = 0; roll < state.length; roll++) {
            int rows = roll / of.shape().width();
            int columns = roll % of.shape().width();
            assertThat(state[roll])
                .containsExactly(
                    rolled(state[0], of.shape(), 12, rows, columns), within((float) tolerance));
          }
        }
      }
    }
  }

  /** The reference writes every weight out, O(L^2). Odd sizes, and a convolution that is larger. */
  @ParameterizedTest
  @MethodSource("features")
  void agreesWithWeightsWrittenOut(PixelFeatures features, PassOptions mode) {
    for (ModelSpec of : variants(features)) {
      try (EquivariantHarness model = harness(of, mode)) {
        Map<String, float[]> values = model.randomValues(5, 0.1);
        model.assign(values);
        float[] images = randomImages(of, 2, 6);
        float[][] found = model.logits(images);
        float[][] trained = model.trainedLogits(images);
        EquivariantReference reference = reference(of, values);
        for (int image = 0; image < 2; image++) {
          float[] expected =
              EquivariantReferenceTest.floats(reference.logits(nested(of, images)[image]));
          assertThat(found[image]).as("%s", of).containsExactly(expected, within(1e-5f));
          assertThat(trained[image]).as("%s", of).containsExactly(expected, within(1e-5f));
        }
      }
    }
  }

  /** Against finite differences of the reference, in double arithmetic. */
  @Tag("slow") // the contract checks one of them in every run of the tests
  @ParameterizedTest
  @MethodSource("everyFeature")
  void gradientsAgreeWithFiniteDifferences(PixelFeatures features, PassOptions mode) {
    for (ModelSpec of : variants(features)) {
      try (EquivariantHarness model = harness(of, mode)) {
        Map<String, float[]> values = model.randomValues(7, 0.1);
        model.assign(values);
        float[] images = randomImages(of, 2, 8);
        int[] labels = {2, 0};
        Map<String, float[]> gradients = model.gradients(images, labels);
        gradients.remove("loss");
        assertThat(gradients)
            .containsOnlyKeys(
                model.weights().of(Weight.Role.TRAINED).stream().map(Weight::name).toList());
        EquivariantReference reference = reference(of, values);
        EquivariantReferenceTest.assertSlopes(
            reference, nested(of, images), labels, gradients, 1e-3);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("features")
  void everyTrainedWeightGetsAGradient(PixelFeatures features, PassOptions mode) {
    try (EquivariantHarness model = harness(spec(5, 4, features), mode)) {
      Map<String, float[]> gradients =
          model.gradients(randomImages(spec(5, 4, features), 3, 2), new int[] {0, 1, 2});
      for (Weight weight : model.weights().of(Weight.Role.TRAINED)) {
        assertThat(gradients.get(weight.name())).hasSize(weight.size());
        assertThat(square(gradients.get(weight.name()))).as(weight.name()).isPositive().isFinite();
      }
    }
  }

  /** What the guarantee rests on: without it logits move. */
  @ParameterizedTest
  @MethodSource("features")
  void logitsMoveWithoutAClosedTorusAndWholeWaves(PixelFeatures features, PassOptions mode) {
    ModelSpec of = spec(8, 8, features);
    List<double[]> broken = new ArrayList<>();
    for (double[] angles : Waves.of(8, 8, features.count(6, 0) / 2, 0).angles()) {
      double[] half = angles.clone();
      half[0] *= 1.5;
      broken.add(half);
    }
    float[] rolls = everyRoll(randomImages(of, 1, 4), of.shape());
    for (EquivariantHarness model :
        List.of(
            harness(of.with(EDGES, Edges.ZERO), mode),
            new EquivariantHarness(
                of,
                mode,
                weights ->
                    new EquivariantPerformer(weights, of.shape(), 3, of.options(), broken)))) {
      try (model) {
        model.assign(model.randomValues(3, SPREAD));
        assertThat(movement(model.logits(rolls))).isGreaterThan(1e-2);
      }
    }
    try (EquivariantHarness model = harness(of, mode)) {
      model.assign(model.randomValues(3, SPREAD));
      float[] image = Arrays.copyOf(rolls, 64);
      float[] both = Arrays.copyOf(image, 128);
      List<Integer> order = new ArrayList<>(IntStream.range(0, 64).boxed().toList());
      Collections.shuffle(order, new Random(1));
      for (int i = 0; i < 64; i++) {
        both[64 + i] = image[order.get(i)];
      }
      assertThat(movement(model.logits(both))).isGreaterThan(1e-2);
    }
  }

  /** A drawn figure in an empty frame: a move that crosses no edge is a roll. */
  @ParameterizedTest
  @MethodSource("features")
  void aFigureMovedInsideItsMarginsKeepsItsLogits(PixelFeatures features, PassOptions mode) {
    int side = 16;
    ModelSpec of = spec(side, side, features);
    int[][] moves = {{0, 0}, {0, 5}, {0, -4}, {3, 0}, {-5, 0}, {4, 4}, {-3, 5}};
    float[] images = new float[moves.length * side * side];
    RandomGenerator random = RandomStreams.stream(1, "figure", 0);
    for (int r = 5; r < 11; r++) {
      for (int c = 5; c < 11; c++) {
        float ink = random.nextFloat();
        for (int move = 0; move < moves.length; move++) {
          images[(move * side + r + moves[move][0]) * side + c + moves[move][1]] = ink;
        }
      }
    }
    try (EquivariantHarness model = harness(of, mode)) {
      model.assign(model.randomValues(9, SPREAD));
      float[][] logits = model.logits(images);
      assertClose(
          logits,
          IntStream.range(0, moves.length).mapToObj(i -> logits[0]).toArray(float[][]::new),
          1e-4f);
    }
  }

  @ParameterizedTest
  @MethodSource("features")
  void anImageIsPredictedAloneAsInAnyBatch(PixelFeatures features, PassOptions mode) {
    ModelSpec of = spec(6, 10, features);
    try (EquivariantHarness model = harness(of, mode)) {
      model.assign(model.randomValues(3, SPREAD));
      float[] images = randomImages(of, 4, 4);
      float[][] together = model.logits(images);
      for (int image = 0; image < 4; image++) {
        float[] one = Arrays.copyOfRange(images, image * 60, (image + 1) * 60);
        assertThat(model.logits(one)[0]).containsExactly(together[image], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void newRandomFeaturesChangeTheFunctionAndKeepTheGuarantee(Kernels kernels) {
    ModelSpec of = spec(6, 10, PixelFeatures.FAVOR);
    try (EquivariantHarness model = harness(of, new PassOptions(kernels, Precision.FP32))) {
      model.assign(model.randomValues(3, SPREAD));
      float[] rolls = everyRoll(randomImages(of, 1, 4), of.shape());
      float[][] before = model.logits(rolls);
      model.assign(model.weights().redrawnFeatures(3, 1));
      float[][] after = model.logits(rolls);
      assertUnmoved(after);
      assertThat(movement(new float[][] {before[0], after[0]})).isGreaterThan(1e-2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 2, 4, ELU, 102154",
    "64, 2, 4, FAVOR, 102266",
    "128, 4, 4, ELU, 800266",
    "128, 4, 4, FAVOR, 801202",
    "256, 6, 8, ELU, 4758538",
    "256, 6, 8, FAVOR, 4761658"
  })
  void hasTheParametersOfItsDefinition(
      int dim, int depth, int heads, PixelFeatures features, long parameters) {
    ModelSpec of = spec(new ImageShape(32, 32, 1), 10, dim, depth, heads).with(FEATURES, features);
    Weights weights = of.outline().weights();
    assertThat(weights.parameters()).isEqualTo(parameters);
  }

  @Test
  void startsAsItsDefinitionSays() {
    Map<String, float[]> values =
        spec(new ImageShape(8, 8, 1), 3, 600, 2, 2).outline().weights().initialValues(1);
    assertThat(values.get("blocks/0/local/bias")).containsOnly(0f);
    float[] kernel = values.get("blocks/0/local/kernel").clone();
    Arrays.sort(kernel);
    assertThat(kernel[0]).isBetween(-1 / 3f, -0.33f);
    assertThat(kernel[kernel.length - 1]).isBetween(0.33f, 1 / 3f);
    assertThat(deviation(new float[][] {kernel})).isCloseTo(1 / 3.0 / Math.sqrt(3), within(0.01));
    float[][] alpha = {values.get("blocks/0/attention/rotation/alpha")}; // 300 values
    float[][] beta = {values.get("blocks/0/attention/rotation/beta")};
    assertThat(mean(alpha)).isCloseTo(1, within(0.07));
    assertThat(mean(beta)).isCloseTo(0, within(0.07));
    assertThat(deviation(alpha)).isCloseTo(0.3, within(0.05));
    assertThat(deviation(beta)).isCloseTo(0.3, within(0.05));
    assertThat(values)
        .doesNotContainKeys("blocks/1/attention/rotation/alpha", "blocks/0/attention/projection");
  }

  /** Sizes that are awkward, each in its own way. */
  private static List<ModelSpec> variants(PixelFeatures features) {
    return List.of(
        spec(5, 4, features),
        // Heads of 5 components, of which elu takes 4; two channels; the convolution goes around.
        spec(new ImageShape(2, 7, 2), 3, 15, 2, 3)
            .with(EMBEDDING_TYPE, EmbeddingType.MLP)
            .with(FEATURES, features)
            .with(FEATURE_COUNT, 5)
            .with(LOCAL, 7)
            .with(MAX_WAVE, 3),
        // No convolution; with random features one pair.
        spec(new ImageShape(3, 5, 1), 3, 8, 2, 2)
            .with(FEATURES, features)
            .with(FEATURE_COUNT, 2)
            .with(LOCAL, 0));
  }

  private static EquivariantReference reference(ModelSpec of, Map<String, float[]> values) {
    Options options = of.options();
    int height = of.shape().height();
    int width = of.shape().width();
    int heads = options.get(HEADS);
    int pairs =
        options.get(FEATURES).count(options.get(DIM) / heads, options.get(FEATURE_COUNT)) / 2;
    return new EquivariantReference(
        new EquivariantReference.Definition(
            height,
            width,
            options.get(DEPTH),
            heads,
            options.get(LOCAL),
            options.get(FEATURES) == PixelFeatures.FAVOR,
            Waves.of(height, width, pairs, options.get(MAX_WAVE)).pairs().stream()
                .map(wave -> new int[] {wave.down(), wave.across()})
                .toList()),
        EquivariantReferenceTest.doubles(values));
  }

  private static void assertUnmoved(float[][] logits) {
    double tolerance = 1e-5 * (1 + deviation(logits));
    assertThat(movement(logits)).isLessThan(tolerance);
    assertThat(deviation(logits)).isGreaterThan(0.05);
  }

  /** The largest difference of a row to the first. */
  private static double movement(float[][] rows) {
    double largest = 0;
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        largest = Math.max(largest, Math.abs(row[i] - rows[0][i]));
      }
    }
    return largest;
  }

  /** Standard deviation of all values. */
  private static double deviation(float[][] rows) {
    double mean = mean(rows);
    return Math.sqrt(values(rows).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
  }

  private static double mean(float[][] rows) {
    return values(rows).average().orElseThrow();
  }

  private static DoubleStream values(float[][] rows) {
    return Stream.of(rows)
        .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]));
  }

  private static double square(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static void assertClose(float[][] found, float[][] expected, float tolerance) {
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int row = 0; row < expected.length; row++) {
      assertThat(found[row]).containsExactly(expected[row], within(tolerance));
    }
  }

  private static float[] randomImages(ModelSpec of, int count, long seed) {
    RandomGenerator random = RandomStreams.stream(seed, "test images", 0);
    float[] images = new float[count * of.shape().pixels() * of.shape().channels()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  /** An image of one channel moved by every number of rows and columns. */
  private static float[] everyRoll(float[] image, ImageShape shape) {
    float[] rolls = new float[image.length * shape.pixels()];
    for (int roll = 0; roll < shape.pixels(); roll++) {
      float[] moved = rolled(image, shape, 1, roll / shape.width(), roll % shape.width());
      System.arraycopy(moved, 0, rolls, roll * image.length, image.length);
    }
    return rolls;
  }

  /** Images or states moved down and to the right around the torus. */
  private static float[] rolled(
      float[] images, ImageShape shape, int features, int rows, int columns) {
    float[] moved = new float[images.length];
    for (int pixel = 0; pixel < images.length / features; pixel++) {
      int image = pixel / shape.pixels();
      int row = (pixel / shape.width() % shape.height() + rows) % shape.height();
      int column = (pixel % shape.width() + columns) % shape.width();
      int to = (image * shape.height() + row) * shape.width() + column;
      System.arraycopy(images, pixel * features, moved, to * features, features);
    }
    return moved;
  }

  private static float[] flat(float[][][][] images) {
    List<Float> values = new ArrayList<>();
    for (float[][][] image : images) {
      for (float[][] row : image) {
        for (float[] pixel : row) {
          for (float value : pixel) {
            values.add(value);
          }
        }
      }
    }
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i);
    }
    return flat;
  }

  private static float[][][][] nested(ModelSpec of, float[] images) {
    ImageShape shape = of.shape();
    int channels = shape.channels();
    float[][][][] nested =
        new float[images.length / (shape.pixels() * channels)][shape.height()][shape.width()][];
    for (int i = 0; i < images.length / channels; i++) {
      int pixel = i % shape.pixels();
      nested[i / shape.pixels()][pixel / shape.width()][pixel % shape.width()] =
          Arrays.copyOfRange(images, i * channels, (i + 1) * channels);
    }
    return nested;
  }
}
