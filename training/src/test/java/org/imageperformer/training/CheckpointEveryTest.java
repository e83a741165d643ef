package org.imageperformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointEveryTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1",
        "3epochs|3",
        "1epoch|1",
        "500steps|500steps",
        "1step|1steps",
        "10m|10m",
        "10m,1|1,10m",
        "2, 7steps, 1h30m|2,7steps,1h30m"
      })
  void whatIsReadIsWrittenInOneForm(String text, String form) {
    assertThat(CheckpointEvery.parse(text)).hasToString(form);
    assertThat(CheckpointEvery.parse(form)).isEqualTo(CheckpointEvery.parse(text));
  }

  @Test
  void theDefaultIsEveryEpochAndEveryTenMinutes() {
    assertThat(CheckpointEvery.parse("1,10m")).isEqualTo(CheckpointEvery.DEFAULT);
    assertThat(CheckpointEvery.parse("500steps"))
        .isEqualTo(
            new CheckpointEvery(OptionalInt.empty(), OptionalLong.of(500), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1,1", "1,", "steps", "0steps", "10m,5m", "1.5", "often"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> CheckpointEvery.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'"
                + text
                + "' is no checkpoint_every: expected epochs such as 1, steps such as 500steps, a"
                + " time such as 10m, or one of each with commas between");
  }

  @ParameterizedTest
  @CsvSource({"90s,1m30s", "30m,30m", "1h30m,1h30m", "2d,2d", "48h,2d", "1d2h3m4s,1d2h3m4s"})
  void timesAreReadAndWritten(String text, String form) {
    assertThat(DurationText.format(DurationText.parse(text))).isEqualTo(form);
    assertThat(DurationText.parse(form)).isEqualTo(DurationText.parse(text));
  }

  @Test
  void aTimeMeansWhatItSays() {
    assertThat(DurationText.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "0m", "m", "-5m", "1.5h", "5m3h", "99999999999s", "٣m"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'" + text + "' is no time: expected something like 90s, 30m, 1h30m or 2d, above 0");
  }
}
