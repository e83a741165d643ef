package org.imageperformer.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.imageperformer.tools.bench.Benchmark.Figures;
import org.imageperformer.tools.bench.EarlierFigures.Change;
import org.imageperformer.tools.bench.EarlierFigures.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlierFiguresTest {

  /** After 90 to 110 images/s, median 100, beside matrix products of 200 GFLOP/s. */
  @ParameterizedTest
  @CsvSource({
    "70, 65, 75, 200, SLOWER",
    "70, 65, 75, 140, MACHINE", // as much slower as matrix products
    "70, 65, 75, 160, SLOWER",
    "85, 80, 91, 200, SAME", // the rounds overlap
    "130, 111, 140, 200, FASTER",
    "130, 111, 140, 260, MACHINE",
    "105, 100, 109, 200, SAME"
  })
  void tellsTheProgramFromTheMachine(
      double median, double slowest, double fastest, double matrix, Verdict verdict) {
    assertThat(new Change(figures(100, 90, 110, 200), figures(median, slowest, fastest, matrix)))
        .extracting(Change::verdict)
        .isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"98, SAME", "96, SLOWER", "102, SAME", "104, FASTER"})
  void oneRoundHasNoSpread(double speed, Verdict verdict) {
    assertThat(new Change(figures(100, 100, 100, 200), figures(speed, speed, speed, 200)))
        .extracting(Change::verdict)
        .isEqualTo(verdict);
  }

  private static Figures figures(double median, double slowest, double fastest, double matrix) {
    return new Figures(
        "Performer",
        "",
        "training",
        "MNIST",
        median,
        slowest,
        fastest,
        1,
        matrix,
        7 * matrix,
        false,
        1,
        1,
        1,
        0);
  }
}
