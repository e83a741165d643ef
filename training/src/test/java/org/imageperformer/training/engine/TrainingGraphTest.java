package org.imageperformer.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.optimizer.RuleOptimizer;
import org.imageperformer.training.optimizer.Sgd;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

class TrainingGraphTest {
  private static final double FREE = Double.POSITIVE_INFINITY;

  /** Fails in a run where a loss is not finite. */
  private static final ProcessGroup FAILING =
      (tf, own) ->
          own.through(
              tf,
              new StepSums.Sum() {
                @Override
                public <T extends TNumber> Operand<T> of(Operand<T> flat) {
                  return tf.debugging.checkNumerics(flat, "exchange refused");
                }
              });

  @TempDir Path folder;

  @Test
  void aStepThatFailsWhileAccumulatingLeavesNothingBehind() {
    float[][] three = LinearModel.pixels(new SplittableRandom(8), 3);
    // The last of four images is missing: one chunk of two has added its gradients by then.
    ImageBatch broken = ImageBatch.ofPixels(three, new int[4], 1, LinearModel.PIXELS, 1);
    for (int lanes = 1; lanes <= 2; lanes++) {
      try (TrainingGraph graph = graph(LinearModel.plain(), lanes, ProcessGroup.ALONE);
          TrainingGraph fresh = graph(LinearModel.plain(), lanes, ProcessGroup.ALONE)) {
        graph.initialize(3);
        fresh.initialize(3);
        assertThatThrownBy(() -> graph.step(broken, 0, 0, 0.1, FREE))
            .isInstanceOf(ArrayIndexOutOfBoundsException.class);
        assertSame(graph.values(), fresh.values());

        ImageBatch batch = LinearModel.batch(1, 4);
        assertThat(graph.step(batch, 0, 0, 0.1, FREE))
            .isEqualTo(fresh.step(batch, 0, 0, 0.1, FREE));
        assertSame(graph.values(), fresh.values());
      }
    }
  }

  /** Sums of float32 numbers would depend on which chunks a lane takes, by their last bits. */
  @Test
  void weightsDoNotDependOnTheNumberOfLanes() {
    Map<String, float[]> expected = null;
    for (int lanes = 1; lanes <= 3; lanes++) {
      try (TrainingGraph graph = graph(LinearModel.plain(), lanes, ProcessGroup.ALONE)) {
        graph.initialize(3);
        for (int step = 0; step < 10; step++) {
          graph.step(LinearModel.batch(step, 13), 0, step, 0.1, FREE);
        }
        Map<String, float[]> found = graph.values();
        if (expected != null) {
          assertSame(found, expected);
        }
        expected = found;
      }
    }
  }

  @Test
  void aStepThatFailsInTheExchangeLeavesNothingBehind() {
    float[][] pixels = {{0.5f, Float.NaN}};
    ImageBatch broken = ImageBatch.ofPixels(pixels, new int[1], 1, LinearModel.PIXELS, 1);
    try (TrainingGraph graph = graph(LinearModel.centred(), 1, FAILING);
        TrainingGraph fresh = graph(LinearModel.centred(), 1, FAILING)) {
      graph.initialize(3);
      fresh.initialize(3);
      Map<String, float[]> before = graph.values();
      assertThatThrownBy(() -> graph.step(broken, 0, 0, 0.1, FREE))
          .hasMessageContaining("exchange refused");
      assertSame(graph.values(), before);

      ImageBatch batch = LinearModel.batch(1, 4);
      assertThat(graph.step(batch, 0, 0, 0.1, FREE)).isEqualTo(fresh.step(batch, 0, 0, 0.1, FREE));
      assertSame(graph.values(), fresh.values());
      assertThat(graph.values().get("input/mean")).isNotEqualTo(before.get("input/mean"));
    }
  }

  @Test
  void anExchangeSeesAllSumsOfAStepInOneVector() {
    List<String> seen = new ArrayList<>();
    assertDoubled(options(2), options(2), seen);
    assertThat(seen).containsExactly("TFloat64[14]");
  }

  /** A batch that is one run has gradients of float32, which lose nothing by staying so. */
  @Test
  void gradientsOfOneRunAreExchangedInHalfOfTheBytes() {
    List<String> seen = new ArrayList<>();
    assertDoubled(whole(false), whole(true), seen);
    assertThat(seen).containsExactly("TFloat32[9]", "TFloat64[5]");
  }

  @Test
  void sumsOverDevicesAreExchangedAsTheyAre() {
    EngineOptions devices = new EngineOptions(2, 1, 4, true, 1, 1, PassOptions.PLAIN, GpuUse.NONE);
    List<String> seen = new ArrayList<>();
    assertDoubled(devices, devices, seen);
    assertThat(seen).containsExactly("TFloat64[14]");
  }

  /** Sums that double leave the mean as it is, down to the last bit. */
  private static void assertDoubled(
      EngineOptions aloneOptions, EngineOptions pairedOptions, List<String> seen) {
    ProcessGroup twice =
        (tf, own) ->
            own.through(
                tf,
                new StepSums.Sum() {
                  @Override
                  public <T extends TNumber> Operand<T> of(Operand<T> flat) {
                    seen.add(flat.type().getSimpleName() + flat.shape());
                    return tf.math.add(flat, flat);
                  }
                });
    try (TrainingGraph alone = graph(LinearModel.plain(), aloneOptions, ProcessGroup.ALONE);
        TrainingGraph paired = graph(LinearModel.plain(), pairedOptions, twice)) {
      alone.initialize(3);
      paired.initialize(3);
      for (int step = 0; step < 3; step++) {
        ImageBatch batch = LinearModel.batch(step, 7);
        BatchOutcome own = alone.step(batch, 0, step, 0.1, 0.2);
        BatchOutcome both = paired.step(batch, 0, step, 0.1, 0.2);
        assertThat(both)
            .isEqualTo(
                new BatchOutcome(
                    2 * own.lossSum(), 2 * own.correct(), 2 * own.count(), own.gradientNorm()));
      }
      assertSame(paired.values(), alone.values());
      assertSame(
          paired.gradients(LinearModel.batch(9, 3), 0),
          alone.gradients(LinearModel.batch(9, 3), 0));
    }
  }

  /** Steps of one image each, so that state may not move before the batch is whole. */
  @Test
  void stateTakesItsNextValueWithTheStep() {
    float[][] pixels = {{1, -2}, {3, 4}, {5, 1}};
    ImageBatch batch = ImageBatch.ofPixels(pixels, new int[3], 1, LinearModel.PIXELS, 1);
    try (TrainingGraph graph = graph(LinearModel.centred(), 1, ProcessGroup.ALONE)) {
      graph.initialize(3);
      assertThat(graph.values().get("input/mean")).containsExactly(0.5f, 0.5f);
      graph.gradients(batch, 0);
      graph.evaluate(batch);
      assertThat(graph.values().get("input/mean")).containsExactly(0.5f, 0.5f);

      graph.step(batch, 0, 0, 0.1, FREE);

      // The mean of all three images, although a chunk is two.
      assertThat(graph.values().get("input/mean")).containsExactly(1.125f, 0.625f);
      float[][] logits = graph.logits(batch);
      float[] kernel = graph.values().get("output/kernel");
      float[] bias = graph.values().get("output/bias");
      for (int image = 0; image < 3; image++) {
        for (int c = 0; c < LinearModel.CLASSES; c++) {
          assertThat(logits[image][c])
              .isCloseTo(
                  (pixels[image][0] - 1.125f) * kernel[c]
                      + (pixels[image][1] - 0.625f) * kernel[LinearModel.CLASSES + c]
                      + bias[c],
                  within(1e-5f));
        }
      }
    }
  }

  @Test
  void stateIsKeptInCheckpoints() {
    Map<String, float[]> expected;
    try (TrainingGraph graph = graph(LinearModel.centred(), 1, ProcessGroup.ALONE)) {
      graph.initialize(3);
      graph.step(LinearModel.batch(1, 4), 0, 0, 0.1, FREE);
      graph.save(folder);
      expected = graph.values();
    }
    try (TrainingGraph graph = graph(LinearModel.centred(), 1, ProcessGroup.ALONE)) {
      graph.initialize(4);
      graph.restore(folder);
      assertSame(graph.values(), expected);
      graph.initialize(4);
      graph.restoreWeights(folder);
      assertSame(graph.values(), expected);
    }
  }

  @Test
  void stateTiesTheImagesOfABatch() {
    assertThatThrownBy(() -> graph(LinearModel.centred(), 2, ProcessGroup.ALONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the running state input/mean ties the images of a batch together: use one tower with"
                + " one lane, not 1 with 2");
  }

  /** Its gradient is that of one image's, whatever the chunks; the loss is told without it. */
  @Test
  void aPenaltyPullsAtTheWeightsButIsNoLoss() {
    ImageBatch batch = LinearModel.batch(1, 5);
    try (TrainingGraph plain = graph(LinearModel.plain(), 2, ProcessGroup.ALONE);
        TrainingGraph penalised = graph(LinearModel.penalised(), 2, ProcessGroup.ALONE)) {
      plain.initialize(3);
      penalised.initialize(3);
      Map<String, float[]> without = plain.gradients(batch, 0);
      Map<String, float[]> with = penalised.gradients(batch, 0);
      float[] kernel = plain.values().get("output/kernel");
      for (int i = 0; i < kernel.length; i++) {
        assertThat(with.get("output/kernel")[i])
            .isCloseTo(without.get("output/kernel")[i] + 2 * kernel[i], within(1e-6f));
      }
      assertThat(with.get("output/bias")).isEqualTo(without.get("output/bias"));
      BatchOutcome of = plain.step(batch, 0, 0, 0.1, FREE);
      BatchOutcome found = penalised.step(batch, 0, 0, 0.1, FREE);
      assertThat(found).isEqualTo(of.withGradientNorm(found.gradientNorm()));
      assertThat(found.gradientNorm()).isNotCloseTo(of.gradientNorm(), within(1e-3));
      plain.initialize(3);
      penalised.initialize(3);
      assertThat(penalised.evaluate(batch)).isEqualTo(plain.evaluate(batch));
    }
  }

  /** Where a construction can fail. */
  enum Failure {
    OPERATIONS,
    INITIAL_VALUES
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void aFailedConstructionClosesTheGraph(Failure where) {
    AtomicReference<Graph> built = new AtomicReference<>();
    UpdateRule rule =
        new UpdateRule() {
          @Override
          public String name() {
            return "failing";
          }

          @Override
          public RuleOptimizer create(Graph graph, UpdateParameters parameters) {
            built.set(graph);
            return new Failing(graph, where);
          }
        };
    assertThatThrownBy(
            () ->
                new TrainingGraph(
                    LinearModel.plain(),
                    PixelScaling.unit(1),
                    options(1),
                    rule,
                    UpdateParameters.DEFAULT,
                    ProcessGroup.ALONE))
        .hasMessageContaining("failing on purpose");
    // A graph can be closed only when its session is.
    assertThatThrownBy(() -> built.get().toGraphDef())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("close");
  }

  private static final class Failing extends RuleOptimizer {
    private final Failure where;

    Failing(Graph graph, Failure where) {
      super(graph, "failing", "slot");
      this.where = where;
    }

    @Override
    protected void createSlots(List<Output<? extends TType>> variables) {
      variables.forEach(this::createFailingSlot);
    }

    private <T extends TType> void createFailingSlot(Output<T> variable) {
      Operand<TFloat32> value =
          tf.fill(tf.constant(variable.shape().asArray()), tf.constant(Float.NaN));
      if (where == Failure.INITIAL_VALUES) {
        value = tf.debugging.checkNumerics(value, "failing on purpose");
      }
      createSlot(variable, "slot", tf.dtypes.cast(value, variable.type()));
    }

    @Override
    protected <T extends TType> Op applyDense(Ops tf, Output<T> gradient, Output<T> variable) {
      if (where == Failure.OPERATIONS) {
        throw new IllegalStateException("failing on purpose");
      }
      return tf.train.applyGradientDescent(variable, learningRate(variable), gradient);
    }
  }

  private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  private static TrainingGraph graph(ModelSpec plan, int lanes, ProcessGroup exchange) {
    return graph(plan, options(lanes), exchange);
  }

  private static TrainingGraph graph(ModelSpec plan, EngineOptions options, ProcessGroup exchange) {
    return new TrainingGraph(
        plan,
        PixelScaling.unit(1),
        options,
        new Sgd(),
        new UpdateParameters(List.of(0.9, 0.98), 1e-8, 0.9, 0),
        exchange);
  }

  /** Batches of up to seven images as one run. */
  private static EngineOptions whole(boolean partial) {
    return new EngineOptions(1, 1, 7, partial, 1, 1, PassOptions.PLAIN, GpuUse.NONE);
  }

  /** Chunks of two images. */
  private static EngineOptions options(int lanes) {
    return new EngineOptions(lanes, 2, 1, 1, PassOptions.PLAIN);
  }
}
