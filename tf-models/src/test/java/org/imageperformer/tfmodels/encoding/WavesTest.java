package org.imageperformer.tfmodels.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.imageperformer.tfmodels.encoding.Waves.Wave;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavesTest {

  @Test
  void numbersOfWavesRiseInEqualRatios() {
    assertThat(Waves.of(32, 32, 8, 0).pairs())
        .containsExactly(
            new Wave(1, 0),
            new Wave(2, 0),
            new Wave(4, 0),
            new Wave(8, 0),
            new Wave(0, 1),
            new Wave(0, 2),
            new Wave(0, 4),
            new Wave(0, 8));
  }

  @ParameterizedTest
  @CsvSource({"32, 32, 8", "6, 10, 1", "40, 9, 2", "3, 3, 1", "1, 50, 1"})
  void theMostWavesAreAQuarterOfTheShorterSide(int height, int width, int most) {
    List<Wave> pairs = Waves.of(height, width, 7, 0).pairs();
    assertThat(pairs.subList(0, 3)).allSatisfy(wave -> assertThat(wave.across()).isZero());
    assertThat(pairs.subList(3, 7)).allSatisfy(wave -> assertThat(wave.down()).isZero());
    assertThat(pairs.get(0)).isEqualTo(new Wave(1, 0));
    assertThat(pairs.get(2)).isEqualTo(new Wave(most, 0));
    assertThat(pairs.get(6)).isEqualTo(new Wave(0, most));
  }

  @Test
  void aSidesOnlyPairHasOneWave() {
    assertThat(Waves.of(8, 8, 1, 5).pairs()).containsExactly(new Wave(0, 1));
    assertThat(Waves.of(8, 8, 3, 5).pairs())
        .containsExactly(new Wave(1, 0), new Wave(0, 1), new Wave(0, 5));
  }

  @Test
  void anglesAreThoseOfTheDefinition() {
    Waves waves = new Waves(5, 7, List.of(new Wave(2, 0), new Wave(0, 3), new Wave(4, 6)));
    List<double[]> angles = waves.angles();
    assertThat(angles).hasSize(35);
    for (int r = 0; r < 5; r++) {
      for (int c = 0; c < 7; c++) {
        for (int p = 0; p < 3; p++) {
          Wave wave = waves.pairs().get(p);
          double angle = 2 * Math.PI * (wave.down() * r / 5.0 + wave.across() * c / 7.0);
          assertThat(Math.cos(angles.get(r * 7 + c)[p])).isCloseTo(Math.cos(angle), within(1e-14));
          assertThat(Math.sin(angles.get(r * 7 + c)[p])).isCloseTo(Math.sin(angle), within(1e-14));
        }
      }
    }
  }

  @Test
  void equalPhasesAreEqualNumbersHoweverManyTurnsLieBetween() {
    Waves waves = new Waves(1, 6, List.of(new Wave(0, 1), new Wave(0, 6_000_000 + 1)));
    for (double[] ofPixel : waves.angles()) {
      assertThat(ofPixel[1]).isEqualTo(ofPixel[0]);
    }
  }
}
