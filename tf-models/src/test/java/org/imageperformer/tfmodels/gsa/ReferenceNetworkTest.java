package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference of the other tests computes what the authors' program computes. */
class ReferenceNetworkTest {

  static List<String> cases() {
    return GoldenCase.names().stream().filter(name -> !name.equals("z2cnn")).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheAuthorsProgram(String name) {
    GoldenCase golden = GoldenCase.read(name);
    ReferenceNetwork reference =
        new ReferenceNetwork(golden.network(), golden.weights(), /* training= */ true);
    double[][] logits = logits(reference, golden);
    assertLogits(logits, golden.golden(), "logits");
    double loss = golden.golden().get("loss").getAsDouble();
    assertThat(ReferenceNetwork.loss(logits, golden.labels()))
        .isCloseTo(loss, within(1e-4 * Math.max(loss, 1)));
    golden
        .golden()
        .getAsJsonObject("intermediate")
        .asMap()
        .forEach(
            (layer, expected) ->
                assertLayer(layer, reference.intermediate.get(layer), expected.getAsJsonObject()));
    golden
        .golden()
        .getAsJsonObject("running")
        .asMap()
        .forEach(
            (state, expected) -> {
              float[] values = GoldenCase.floats(expected);
              for (int c = 0; c < values.length; c++) {
                assertThat(reference.running.get(state)[c])
                    .as(state)
                    .isCloseTo(values[c], within(1e-5 * Math.max(Math.abs(values[c]), 1)));
              }
            });
  }

  @Test
  void takesRunningAveragesInEvaluation() {
    GoldenCase golden = GoldenCase.read("p4-local-batchnorm");
    Map<String, float[]> weights = golden.weights();
    golden
        .golden()
        .getAsJsonObject("running")
        .asMap()
        .forEach((state, values) -> weights.put(state, GoldenCase.floats(values)));
    ReferenceNetwork reference =
        new ReferenceNetwork(golden.network(), weights, /* training= */ false);
    assertLogits(
        logits(reference, golden), golden.golden(), "logits_eval_after_one_training_forward");
  }

  private static double[][] logits(ReferenceNetwork reference, GoldenCase golden) {
    int[] shape = golden.imagesShape();
    return reference.logits(golden.images(), shape[0], shape[1], shape[2], shape[3]);
  }

  private static void assertLogits(double[][] found, JsonObject golden, String field) {
    float[] expected = GoldenCase.floats(golden.get(field));
    double tolerance = 1e-5 * largest(expected);
    int classes = found[0].length;
    assertThat(expected).hasSize(found.length * classes);
    for (int k = 0; k < expected.length; k++) {
      assertThat(found[k / classes][k % classes])
          .as(field)
          .isCloseTo(expected[k], within(tolerance));
    }
  }

  /** Shape, norm, sum and the first values of a layer's output. */
  private static void assertLayer(String layer, double[][][][][] x, JsonObject expected) {
    int[] shape = {x.length, x[0].length, x[0][0].length, x[0][0][0].length, x[0][0][0][0].length};
    assertThat(shape).as(layer).isEqualTo(GoldenCase.ints(expected.getAsJsonArray("shape")));
    double sum = 0;
    double squares = 0;
    float[] first = GoldenCase.floats(expected.get("first"));
    double tolerance = 1e-4 * largest(first);
    int k = 0;
    for (double[][][][] image : x) {
      for (double[][][] channel : image) {
        for (double[][] pixels : channel) {
          for (double[] row : pixels) {
            for (double value : row) {
              if (k < first.length) {
                assertThat(value).as(layer).isCloseTo(first[k], within(tolerance));
              }
              sum += value;
              squares += value * value;
              k++;
            }
          }
        }
      }
    }
    double norm = expected.get("l2").getAsDouble();
    assertThat(Math.sqrt(squares)).as(layer).isCloseTo(norm, within(1e-5 * Math.max(norm, 1)));
    assertThat(sum)
        .as(layer)
        .isCloseTo(expected.get("sum").getAsDouble(), within(1e-5 * Math.sqrt(k) * norm));
  }

  private static double largest(float[] values) {
    double largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
