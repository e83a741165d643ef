package org.imageperformer.tfmodels.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelHarness;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks compute what the same networks compute in PyTorch (docs/cnn.md, section 5). */
class GoldenCnnTest {
  private static final double LOGITS = 2e-4;
  private static final double GRADIENTS = 1e-3;
  private static final int LARGE = 1 << 25;
  private static final double LARGE_NORMS = 5e-3;
  private static final double EPSILON = 1e-8;

  /**
   * Of the loss of each step, and of the logits after the last. Adam's first step takes the sign of
   * each gradient, and so the rounding of those near zero; BatchNorm of four images passes it on,
   * and each further step multiplies it (docs/cnn.md, section 5).
   */
  private static final Map<String, double[]> STEPS =
      Map.of(
          CnnFamily.ALEX_NET, new double[] {LOGITS, LOGITS, LOGITS, LOGITS},
          CnnFamily.RES_NET_18, new double[] {LOGITS, 1e-2, 3e-2, 3e-2});

  @ParameterizedTest
  @ValueSource(strings = {CnnFamily.ALEX_NET, CnnFamily.RES_NET_18})
  void agreesWithPyTorch(String model) {
    check(model, ModelHarness.FAST);
  }

  @ParameterizedTest
  @ValueSource(strings = {CnnFamily.ALEX_NET, CnnFamily.RES_NET_18})
  @Tag("slow") // the contract holds plain and fast networks against finite differences
  void agreesWithPyTorchWhereItIsPlain(String model) {
    check(model, ModelHarness.PLAIN);
  }

  @Test
  @Tag("slow") // 134 million weights
  void agreesWithPyTorchWhereItIsLarge() {
    GoldenCnn golden = read(CnnFamily.VGG_16);
    try (CnnHarness network = network(CnnFamily.VGG_16, golden, ModelHarness.FAST)) {
      checkPasses(golden, network);
    }
  }

  private static void check(String model, PassOptions options) {
    GoldenCnn golden = read(model);
    try (CnnHarness network = network(model, golden, options)) {
      checkPasses(golden, network);
      network.keepStates(); // the pass before was one of the training
      checkSteps(golden, network, STEPS.get(model));
    }
  }

  private static GoldenCnn read(String model) {
    return GoldenCnn.read(model.toLowerCase(Locale.ROOT) + "-gray");
  }

  private static CnnHarness network(String model, GoldenCnn golden, PassOptions options) {
    ModelSpec spec = CnnCases.withoutDropout(ModelSpec.of(model, new ImageShape(32, 32, 1), 10));
    assertThat(spec.outline().weights().parameters()).isEqualTo(golden.parameters());
    return new CnnHarness(spec, golden, options);
  }

  private static void checkPasses(GoldenCnn golden, CnnHarness network) {
    assertClose("inference", network.logits(), flat(golden.logits_inference()), LOGITS);
    CnnHarness.Outcome found = network.trainingPass();
    assertClose("training", found.logits().get(0), flat(golden.logits_training()), LOGITS);
    assertThat((double) found.loss()).isCloseTo(golden.loss(), within(LOGITS * golden.loss()));
    for (int i = 0; i < network.trained().size(); i++) {
      Weight weight = network.trained().get(i);
      GoldenCnn.Summary expected = golden.gradients().get(golden.weights().get(i).name());
      // PyTorch's own float32 sum of a hundred million squares is half a percent too small.
      double norms = weight.size() > LARGE ? LARGE_NORMS : GRADIENTS;
      assertThat((double) found.norms().get(i)[0])
          .as("norm of the gradient by %s", weight)
          .isCloseTo(expected.l2(), within(norms * expected.l2()));
      double usual = expected.l2() / Math.sqrt(weight.size());
      float[] elements =
          GoldenCnn.floats(
              Stream.of(expected.first(), expected.last()).flatMap(List::stream).toList());
      for (int j = 0; j < elements.length; j++) {
        assertThat((double) found.elements().get(i)[j])
            .as("element %s of the gradient by %s", j, weight)
            .isCloseTo(elements[j], within(GRADIENTS * Math.max(Math.abs(elements[j]), usual)));
      }
    }
    checkStates(golden, network, found.states());
  }

  private static void checkStates(GoldenCnn golden, CnnHarness network, List<float[]> found) {
    if (golden.running_after_one_training_pass() == null) {
      assertThat(found).isEmpty();
      return;
    }
    List<GoldenCnn.Running> expected =
        List.copyOf(golden.running_after_one_training_pass().values());
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      String name = network.states().get(i).toString();
      float[] first = GoldenCnn.floats(expected.get(i).first());
      assertClose(name, Arrays.copyOf(found.get(i), first.length), first, LOGITS);
      double sum = 0;
      double size = 0;
      for (float value : found.get(i)) {
        sum += value;
        size += Math.abs(value);
      }
      assertThat(sum).as(name).isCloseTo(expected.get(i).sum(), within(LOGITS * size));
    }
  }

  /** Adam on the host, in double precision. */
  private static void checkSteps(GoldenCnn golden, CnnHarness network, double[] tolerances) {
    List<Double> betas = golden.adam().betas();
    Map<String, double[]> first = new LinkedHashMap<>();
    Map<String, double[]> second = new LinkedHashMap<>();
    for (int step = 1; step <= golden.adam().losses().size(); step++) {
      List<float[]> found = network.step();
      double expected = golden.adam().losses().get(step - 1);
      assertThat((double) found.get(0)[0])
          .as("loss of step %s", step)
          .isCloseTo(expected, within(tolerances[step - 1] * expected));
      Map<String, float[]> values = network.values();
      int next = 1;
      for (Weight weight : network.trained()) {
        float[] gradient = found.get(next++);
        double[] m = first.computeIfAbsent(weight.name(), name -> new double[weight.size()]);
        double[] v = second.computeIfAbsent(weight.name(), name -> new double[weight.size()]);
        float[] value = values.get(weight.name());
        for (int i = 0; i < m.length; i++) {
          m[i] = betas.get(0) * m[i] + (1 - betas.get(0)) * gradient[i];
          v[i] = betas.get(1) * v[i] + (1 - betas.get(1)) * gradient[i] * gradient[i];
          double mean = m[i] / (1 - Math.pow(betas.get(0), step));
          double spread = Math.sqrt(v[i] / (1 - Math.pow(betas.get(1), step)));
          value[i] -= (float) (golden.adam().learning_rate() * mean / (spread + EPSILON));
        }
      }
      for (Weight state : network.states()) {
        values.put(state.name(), found.get(next++));
      }
      network.assign(values);
    }
    assertClose(
        "after the steps",
        network.logits(),
        flat(golden.adam().logits_inference_after()),
        tolerances[tolerances.length - 1]);
  }

  private static void assertClose(String what, float[] found, float[] expected, double tolerance) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found).as(what).containsExactly(expected, within((float) (tolerance * largest)));
  }

  private static float[] flat(List<List<Float>> rows) {
    return GoldenCnn.floats(rows.stream().flatMap(List::stream).toList());
  }
}
