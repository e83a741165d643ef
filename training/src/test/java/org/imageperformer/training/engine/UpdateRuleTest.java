package org.imageperformer.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.imageperformer.training.optimizer.Adam;
import org.imageperformer.training.optimizer.RuleOptimizer;
import org.imageperformer.training.optimizer.Sgd;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TType;

class UpdateRuleTest {
  private static final UpdateParameters PARAMETERS =
      new UpdateParameters(List.of(0.8, 0.95), 1e-3, 0.7, 0);
  private static final int STEPS = 5;

  @TempDir Path folder;

  /** What a rule does to one number, by its formula. */
  private interface Formula {
    double move(double[] memory, double gradient, int step, double rate);
  }

  private static double adam(double[] memory, double gradient, int step, double rate) {
    memory[0] = 0.8 * memory[0] + 0.2 * gradient;
    memory[1] = 0.95 * memory[1] + 0.05 * gradient * gradient;
    double first = memory[0] / (1 - Math.pow(0.8, step + 1));
    double second = memory[1] / (1 - Math.pow(0.95, step + 1));
    return rate * first / (Math.sqrt(second) + 1e-3);
  }

  private static double sgd(double[] memory, double gradient, int step, double rate) {
    memory[0] = step == 0 ? gradient : 0.7 * memory[0] + gradient;
    return rate * memory[0];
  }

  /** Without and with weight decay, without and with a norm that clips. */
  @ParameterizedTest
  @CsvSource({"adam, 0, Infinity", "adam, 0.1, 0.2", "sgd, 0, Infinity", "sgd, 0.1, 0.2"})
  void movesWeightsByItsFormula(String rule, double decay, double clip) {
    Formula formula = rule.equals("adam") ? UpdateRuleTest::adam : UpdateRuleTest::sgd;
    UpdateParameters parameters =
        new UpdateParameters(
            PARAMETERS.adamBetas(), PARAMETERS.adamEpsilon(), PARAMETERS.momentum(), decay);
    try (TrainingGraph graph = graph(UpdateRule.registry().get(rule), parameters)) {
      graph.initialize(3);
      Map<String, double[]> expected = new HashMap<>();
      Map<String, double[][]> memory = new HashMap<>();
      graph
          .values()
          .forEach(
              (name, values) -> {
                double[] doubles = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                  doubles[i] = values[i];
                }
                expected.put(name, doubles);
                memory.put(name, new double[values.length][2]);
              });
      for (int step = 0; step < STEPS; step++) {
        double rate = 0.3 / (step + 1);
        SplittableRandom random = new SplittableRandom(step);
        float[][] pixels = LinearModel.pixels(random, 5);
        int[] labels = LinearModel.labels(random, 5);

        BatchOutcome outcome =
            graph.step(
                ImageBatch.ofPixels(pixels, labels, 1, LinearModel.PIXELS, 1), 0, step, rate, clip);

        Map<String, double[]> gradients = LinearModel.gradients(expected, pixels, labels);
        double norm = 0;
        for (double[] gradient : gradients.values()) {
          for (double each : gradient) {
            norm += each * each;
          }
        }
        norm = Math.sqrt(norm);
        assertThat(outcome.gradientNorm()).isCloseTo(norm, within(1e-6));
        double factor = Math.min(1, clip / (norm + 1e-6));
        int now = step;
        expected.forEach(
            (name, weights) -> {
              for (int i = 0; i < weights.length; i++) {
                double gradient = gradients.get(name)[i] * factor + decay * weights[i];
                weights[i] -= formula.move(memory.get(name)[i], gradient, now, rate);
              }
            });
        assertThat(graph.values())
            .allSatisfy(
                (name, found) -> {
                  for (int i = 0; i < found.length; i++) {
                    assertThat(found[i])
                        .as("%s[%d] after step %d", name, i, now)
                        .isCloseTo((float) expected.get(name)[i], within(2e-6f));
                  }
                });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "sgd"})
  void goesOnFromACheckpointAsIfNothingHadHappened(String name) {
    UpdateRule rule = UpdateRule.registry().get(name);
    Map<String, float[]> expected;
    try (TrainingGraph graph = graph(rule, PARAMETERS)) {
      graph.initialize(3);
      steps(graph, 0, 3);
      graph.save(folder);
      steps(graph, 3, 6);
      expected = graph.values();
    }
    try (TrainingGraph graph = graph(rule, PARAMETERS)) {
      graph.initialize(4);
      graph.restore(folder);
      steps(graph, 3, 6);
      assertSame(graph.values(), expected);
    }
  }

  private static void steps(TrainingGraph graph, int from, int to) {
    for (int step = from; step < to; step++) {
      graph.step(LinearModel.batch(step, 5), 0, step, 0.1, Double.POSITIVE_INFINITY);
    }
  }

  private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found)
        .hasSameSizeAs(expected)
        .allSatisfy((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  @ParameterizedTest
  @CsvSource({"adam, adam/m/ adam/v/", "sgd, sgd/momentum/"})
  void keepsItsSlotsUnderLastingNames(String name, String prefixes) throws IOException {
    try (TrainingGraph graph = graph(UpdateRule.registry().get(name), PARAMETERS)) {
      graph.initialize(3);
      graph.save(folder);
    }
    List<String> weights = List.of("output/kernel", "output/bias");
    List<String> expected = new ArrayList<>(weights);
    for (String weight : weights) {
      for (String prefix : prefixes.split(" ", -1)) {
        expected.add(prefix + weight);
      }
    }
    assertThat(
            JsonParser.parseString(Files.readString(folder.resolve("tensors.json")))
                .getAsJsonObject()
                .keySet())
        .containsExactlyElementsOf(expected);
  }

  /** Weights are for all rules, what a rule keeps is for itself. */
  @Test
  void leavesWeightsThatOtherRulesCanRead() {
    Map<String, float[]> expected;
    try (TrainingGraph graph = graph(new Sgd(), PARAMETERS)) {
      graph.initialize(3);
      graph.save(folder);
      expected = graph.values();
    }
    try (TrainingGraph graph = graph(new Adam(), PARAMETERS)) {
      graph.initialize(4);
      assertThatThrownBy(() -> graph.restore(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("missing adam/m/output/bias [3]")
          .hasMessageContaining("unknown sgd/momentum/output/kernel");
      graph.restoreWeights(folder);
      assertSame(graph.values(), expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "sgd"})
  void isAtRestInACheckpointOfImportedWeights(String name) {
    UpdateRule rule = UpdateRule.registry().get(name);
    ModelSpec config =
        TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
            .set(IMAGE_SIZE, 3)
            .set(DIM, 4)
            .set(DEPTH, 1)
            .set(HEADS, 1)
            .build()
            .spec();
    Weights weights = new Weights();
    config.create(weights);
    Map<String, float[]> values = weights.initialValues(5);
    CheckpointWeights.write(config, values, rule, PARAMETERS, folder);

    assertSame(CheckpointWeights.read(config, folder), values);
    float[][] pixels = new float[2][9];
    pixels[1][4] = 1;
    ImageBatch batch = ImageBatch.ofPixels(pixels, new int[] {3, 7}, 3, 3, 1);
    try (TrainingGraph fresh =
            new TrainingGraph(config, scaling(), options(), rule, PARAMETERS, ProcessGroup.ALONE);
        TrainingGraph restored =
            new TrainingGraph(config, scaling(), options(), rule, PARAMETERS, ProcessGroup.ALONE)) {
      fresh.initialize(1);
      fresh.assign(values);
      restored.initialize(2);
      restored.step(batch, 0, 0, 0.1, 1);
      restored.restore(folder);
      assertThat(restored.step(batch, 0, 0, 0.1, 1)).isEqualTo(fresh.step(batch, 0, 0, 0.1, 1));
      assertSame(restored.values(), fresh.values());
    }
  }

  /** A rule of a user, without memory: one class, and one line in META-INF/services. */
  public static final class Descent implements UpdateRule {
    @Override
    public String name() {
      return "descent";
    }

    @Override
    public RuleOptimizer create(Graph graph, UpdateParameters parameters) {
      return new RuleOptimizer(graph, name()) {
        @Override
        protected <T extends TType> Op applyDense(Ops tf, Output<T> gradient, Output<T> variable) {
          return tf.train.applyGradientDescent(variable, learningRate(variable), gradient);
        }
      };
    }
  }

  @Test
  void mayBeAUsers() {
    assertThat(UpdateRule.registry().names()).containsExactly("adam", "descent", "sgd");
    UpdateParameters still = new UpdateParameters(List.of(0.9, 0.98), 1e-8, 0, 0);
    try (TrainingGraph descent = graph(UpdateRule.registry().get("Descent"), still);
        TrainingGraph sgd = graph(new Sgd(), still)) {
      descent.initialize(3);
      sgd.initialize(3);
      steps(descent, 0, 3);
      steps(sgd, 0, 3);
      assertSame(descent.values(), sgd.values());
    }
  }

  @Test
  void isNamedWhenItIsUnknown() {
    assertThatThrownBy(() -> UpdateRule.registry().get("lamb"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown optimizer 'lamb'; known: adam, descent, sgd");
  }

  @Test
  void parametersNameAllProblemsAtOnce() {
    assertThatThrownBy(() -> new UpdateParameters(List.of(0.9, 1.0), 0, -0.1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "adam_betas are [0.9, 1.0], must be two numbers in [0, 1); adam_epsilon is 0.0, must be"
                + " above 0 and finite; optimizer_momentum is -0.1, must be in [0, 1); weight_decay"
                + " is NaN, must be at least 0 and finite");
  }

  private static TrainingGraph graph(UpdateRule rule, UpdateParameters parameters) {
    return new TrainingGraph(
        LinearModel.plain(), scaling(), options(), rule, parameters, ProcessGroup.ALONE);
  }

  private static PixelScaling scaling() {
    return PixelScaling.unit(1);
  }

  private static EngineOptions options() {
    return new EngineOptions(2, 2, 1, 1, PassOptions.PLAIN);
  }
}
