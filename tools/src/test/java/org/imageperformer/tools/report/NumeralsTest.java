package org.imageperformer.tools.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumeralsTest {
  @Test
  void resultsHaveAFixedNumberOfDigits() {
    assertThat(Numerals.fourDigits(0.98765)).isEqualTo("0.9877");
    assertThat(Numerals.probability(1)).isEqualTo("1.000");
    assertThat(Numerals.fourDigits(Double.NaN)).isEqualTo("not a number");
    assertThat(Numerals.fourDigits(Double.POSITIVE_INFINITY)).isEqualTo("\u221e");
    assertThat(Numerals.fourDigits(Double.NEGATIVE_INFINITY)).isEqualTo("\u2212\u221e");
  }

  @Test
  void shiftsHaveASign() {
    assertThat(Numerals.shift(-8)).isEqualTo("\u22128");
    assertThat(Numerals.shift(0)).isEqualTo("0");
    assertThat(Numerals.shift(4)).isEqualTo("+4");
  }

  @Test
  void hyperparametersAreShownInPlainDigitsWhereThatIsShort() {
    assertThat(Numerals.value(5.0E-5)).isEqualTo("0.00005");
    assertThat(Numerals.value(0.1)).isEqualTo("0.1");
    assertThat(Numerals.value(3.0)).isEqualTo("3");
    assertThat(Numerals.value(0.0)).isEqualTo("0");
    assertThat(Numerals.value(1e-300)).isEqualTo("1.0E-300");
    assertThat(Numerals.value(1e300)).isEqualTo("1.0E300");
    assertThat(Numerals.value(1000L)).isEqualTo("1000");
    assertThat(Numerals.value(true)).isEqualTo("true");
    assertThat(Numerals.value(null)).isEqualTo("none");
  }

  @Test
  void longTextsAreShortenedBetweenCharacters() {
    String face = "\ud83d\ude00";
    assertThat(Numerals.shortened(face.repeat(200))).isEqualTo(face.repeat(200));
    assertThat(Numerals.shortened(face.repeat(201))).isEqualTo(face.repeat(200) + "\u2026");
  }
}
