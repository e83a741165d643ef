package org.imageperformer.training.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.imageperformer.options.Labelled;
import org.junit.jupiter.api.Test;

final class LearningRateScheduleTest {

  @Test
  void constantIsTheSameAtEveryStep() {
    LearningRateSchedule schedule = LearningRateSchedule.of(ScheduleKind.CONSTANT, 0.003, 0);
    assertThat(schedule.at(0)).isEqualTo(0.003);
    assertThat(schedule.at(1)).isEqualTo(0.003);
    assertThat(schedule.at(10_000_000_000L)).isEqualTo(0.003);
  }

  @Test
  void warmupGrowsFromZeroAndMeetsTheRateAtItsEnd() {
    LearningRateSchedule schedule = LearningRateSchedule.of(ScheduleKind.CONSTANT, 0.8, 4);
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(1)).isEqualTo(0.2);
    assertThat(schedule.at(3)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.at(4)).isEqualTo(0.8);
    assertThat(schedule.at(5)).isEqualTo(0.8);
  }

  @Test
  void noamGrowsLinearlyThenFallsWithTheRoot() {
    LearningRateSchedule schedule = LearningRateSchedule.of(ScheduleKind.NOAM, 0.8, 4);
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(3)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.at(4)).isEqualTo(0.8);
    assertThat(schedule.at(5)).isCloseTo(0.8 * Math.sqrt(0.8), within(1e-15));
    assertThat(schedule.at(16)).isEqualTo(0.4);
    assertThat(schedule.at(400)).isCloseTo(0.08, within(1e-15));
  }

  @Test
  void aWarmupOfOneStepHasOnlyItsFirstStepAtZero() {
    for (ScheduleKind kind : ScheduleKind.values()) {
      LearningRateSchedule schedule = LearningRateSchedule.of(kind, 0.5, 1);
      assertThat(schedule.at(0)).isZero();
      assertThat(schedule.at(1)).isEqualTo(0.5);
    }
    assertThat(LearningRateSchedule.of(ScheduleKind.NOAM, 0.5, 1).at(4)).isEqualTo(0.25);
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatThrownBy(() -> LearningRateSchedule.of(ScheduleKind.CONSTANT, 0, -1))
        .hasMessage(
            "learning_rate is 0.0, must be above 0 and finite; warmup is -1, must be at least 0");
    assertThatThrownBy(() -> LearningRateSchedule.of(ScheduleKind.NOAM, Double.NaN, 0))
        .hasMessage(
            "learning_rate is NaN, must be above 0 and finite; schedule noam needs a warmup of at"
                + " least 1 step, warmup is 0");
    assertThatThrownBy(
            () -> LearningRateSchedule.of(ScheduleKind.NOAM, Double.POSITIVE_INFINITY, 3))
        .hasMessage("learning_rate is Infinity, must be above 0 and finite");
  }

  @Test
  void kindsAreFoundByLabel() {
    assertThat(Labelled.of(ScheduleKind.class, "schedule", "noam")).isEqualTo(ScheduleKind.NOAM);
    assertThatThrownBy(() -> Labelled.of(ScheduleKind.class, "schedule", "cosine"))
        .hasMessage("unknown schedule 'cosine'; known: constant, noam");
  }
}
