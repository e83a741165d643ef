package org.imageperformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartCountTest {
  @ParameterizedTest
  @CsvSource({
    "1, 2, 1", // no task for nothing
    "100, 2, 2",
    "100, 64, 2",
    "130, 2, 4", // three of 64 would leave one task alone with the third
    "10000, 2, 8",
    "60000, 2, 16", // not the 15 that 4,096 are enough for
    "60000, 7, 28",
    "1000000, 2, 246",
    "1000000, 7, 245"
  })
  void partsComeInWholeRounds(long pictures, int tasks, int parts) {
    assertThat(PartCount.of(pictures, tasks)).isEqualTo(parts);
  }

  @Test
  void moreThanCanBeCountedIsAnError() {
    assertThatThrownBy(() -> PartCount.of(Long.MAX_VALUE - 4096, 2))
        .isInstanceOf(ArithmeticException.class);
  }
}
