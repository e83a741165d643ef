package org.imageperformer.tfmodels.performer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.encoding.Waves;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The host's reference agrees with the golden cases, gradients included. */
class EquivariantReferenceTest {

  static List<String> names() {
    return EquivariantCase.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesTheGoldenLogitsAndLoss(String name) {
    EquivariantCase golden = EquivariantCase.read(name);
    EquivariantReference reference = reference(golden, golden.tensors("weights"));
    float[][] expected = golden.rows("logits");
    for (int i = 0; i < expected.length; i++) {
      assertThat(floats(reference.logits(golden.images()[i])))
          .containsExactly(expected[i], within(2e-6f));
    }
    assertThat(reference.loss(golden.images(), golden.integers("labels")))
        .isCloseTo(golden.number("loss"), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("names")
  void usesTheWavesOfTheCase(String name) {
    EquivariantCase golden = EquivariantCase.read(name);
    int[][] waves = golden.integerRows("waves");
    if (waves.length == 0) {
      assertThat(golden.option("depth")).isEqualTo(1);
      return;
    }
    assertThat(
            Waves.of(
                    golden.option("height"),
                    golden.option("width"),
                    waves.length,
                    golden.option("max_wave"))
                .pairs())
        .extracting(wave -> List.of(wave.down(), wave.across()))
        .containsExactlyElementsOf(List.of(waves).stream().map(w -> List.of(w[0], w[1])).toList());
  }

  /** Along one random direction for each weight, with the maxima inside the features held fast. */
  @ParameterizedTest
  @MethodSource("names")
  void hasTheGoldenGradients(String name) {
    EquivariantCase golden = EquivariantCase.read(name);
    int[] labels = golden.integers("labels");
    Map<String, float[]> gradients = golden.tensors("gradients");
    double whole = 0;
    for (float[] gradient : gradients.values()) {
      for (float g : gradient) {
        whole += (double) g * g;
      }
    }
    assertThat(Math.sqrt(whole)).isCloseTo(golden.number("gradient_norm"), within(1e-5));
    EquivariantReference reference = reference(golden, golden.tensors("weights"));
    assertSlopes(reference, golden.images(), labels, gradients, 1e-4);
  }

  /**
   * Checks gradients along one random direction for each weight.
   *
   * @param tolerance in units of the gradient's norm
   */
  static void assertSlopes(
      EquivariantReference reference,
      float[][][][] images,
      int[] labels,
      Map<String, float[]> gradients,
      double tolerance) {
    reference.loss(images, labels);
    reference.freezeMaxima();
    for (Map.Entry<String, float[]> entry : gradients.entrySet()) {
      double[] weight = reference.weight(entry.getKey());
      double[] start = weight.clone();
      double[] direction = direction(entry.getKey(), start.length);
      double expected = 0;
      double norm = 0;
      for (int i = 0; i < start.length; i++) {
        expected += entry.getValue()[i] * direction[i];
        norm += Math.pow(entry.getValue()[i], 2);
      }
      double step = 1e-5;
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        for (int i = 0; i < start.length; i++) {
          weight[i] = start[i] + (side == 0 ? -step : step) * direction[i];
        }
        reference.restart();
        losses[side] = reference.loss(images, labels);
      }
      System.arraycopy(start, 0, weight, 0, start.length);
      assertThat((losses[1] - losses[0]) / (2 * step))
          .as(entry.getKey())
          .isCloseTo(expected, within(tolerance * Math.sqrt(norm) + 3e-6));
    }
  }

  static EquivariantReference reference(EquivariantCase golden, Map<String, float[]> weights) {
    return new EquivariantReference(
        new EquivariantReference.Definition(
            golden.option("height"),
            golden.option("width"),
            golden.option("depth"),
            golden.option("heads"),
            golden.option("local"),
            golden.text("features").equals("favor"),
            List.of(golden.integerRows("waves"))),
        doubles(weights));
  }

  static Map<String, double[]> doubles(Map<String, float[]> weights) {
    Map<String, double[]> found = new LinkedHashMap<>();
    weights.forEach(
        (name, values) -> {
          double[] wide = new double[values.length];
          for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
          }
          found.put(name, wide);
        });
    return found;
  }

  static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** A random direction of length 1. */
  private static double[] direction(String name, int size) {
    RandomGenerator random = RandomStreams.stream(1, "direction " + name, 0);
    double[] direction = random.doubles(size, -1, 1).toArray();
    double norm = 0;
    for (double value : direction) {
      norm += value * value;
    }
    for (int i = 0; i < size; i++) {
      direction[i] /= Math.sqrt(norm);
    }
    return direction;
  }
}
