package org.imageperformer.training.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LearningRateScheduleTest {
  private static LearningRateSchedule of(String name, double learningRate, long warmup) {
    return Schedule.of(name, ScheduleParameters.of(learningRate, warmup));
  }

  @Test
  void constantIsTheSameAtEveryStep() {
    LearningRateSchedule schedule = of("constant", 0.003, 0);
    assertThat(schedule.at(0)).isEqualTo(0.003);
    assertThat(schedule.at(1)).isEqualTo(0.003);
    assertThat(schedule.at(10_000_000_000L)).isEqualTo(0.003);
  }

  @Test
  void warmupGrowsFromZeroAndMeetsTheRateAtItsEnd() {
    LearningRateSchedule schedule = of("constant", 0.8, 4);
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(1)).isEqualTo(0.2);
    assertThat(schedule.at(3)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.at(4)).isEqualTo(0.8);
    assertThat(schedule.at(5)).isEqualTo(0.8);
  }

  @Test
  void noamGrowsLinearlyThenFallsWithTheRoot() {
    LearningRateSchedule schedule = of("noam", 0.8, 4);
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(3)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.at(4)).isEqualTo(0.8);
    assertThat(schedule.at(5)).isCloseTo(0.8 * Math.sqrt(0.8), within(1e-15));
    assertThat(schedule.at(16)).isEqualTo(0.4);
    assertThat(schedule.at(400)).isCloseTo(0.08, within(1e-15));
  }

  @Test
  void aWarmupOfOneStepHasOnlyItsFirstStepAtZero() {
    for (String kind : List.of("constant", "noam")) {
      LearningRateSchedule schedule = of(kind, 0.5, 1);
      assertThat(schedule.at(0)).isZero();
      assertThat(schedule.at(1)).isEqualTo(0.5);
    }
    assertThat(of("noam", 0.5, 1).at(4)).isEqualTo(0.25);
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatThrownBy(() -> of("constant", 0, -1))
        .hasMessage(
            "learning_rate is 0.0, must be above 0 and finite; warmup is -1, must be at least 0");
    assertThatThrownBy(() -> of("noam", Double.NaN, 0))
        .hasMessage(
            "learning_rate is NaN, must be above 0 and finite; schedule noam needs a warmup of at"
                + " least 1 step, warmup is 0");
    assertThatThrownBy(() -> of("noam", Double.POSITIVE_INFINITY, 3))
        .hasMessage("learning_rate is Infinity, must be above 0 and finite");
  }

  @Test
  void kindsAreFoundByLabel() {
    assertThat(Schedule.registry().get("noam")).isInstanceOf(Noam.class);
    assertThatThrownBy(() -> Schedule.registry().get("cosine"))
        .hasMessageMatching("unknown schedule 'cosine'; known: constant, .*noam");
  }

  /** 9 images in batches of 2: an epoch has 5 steps, 4 of them full. */
  private static ScheduleParameters epochs(long maxEpochs, List<Long> decayEpochs) {
    return new ScheduleParameters(0.8, 0, 9, 2, maxEpochs, decayEpochs, 4);
  }

  @Test
  void multistepFallsAtTheFirstStepOfEachDecayEpoch() {
    LearningRateSchedule schedule = Schedule.of("multistep", epochs(0, List.of(2L, 3L)));
    assertThat(schedule.at(0)).isEqualTo(0.8);
    assertThat(schedule.at(9)).isEqualTo(0.8);
    assertThat(schedule.at(10)).isEqualTo(0.2);
    assertThat(schedule.at(14)).isEqualTo(0.2);
    assertThat(schedule.at(15)).isEqualTo(0.05);
    assertThat(schedule.at(10_000_000_000L)).isEqualTo(0.05);
  }

  @Test
  void multistepWarmsUpAsTheConstantRateDoes() {
    LearningRateSchedule schedule =
        Schedule.of("multistep", new ScheduleParameters(0.8, 8, 9, 2, 0, List.of(1L), 4));
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(4)).isEqualTo(0.4);
    assertThat(schedule.at(5)).isEqualTo(0.125);
    assertThat(schedule.at(8)).isEqualTo(0.2);
  }

  /** T = 20 epochs of 4 full batches = 80, U = 40. */
  @Test
  void cosineGrowsForTenEpochsThenFallsToZeroAndStaysThere() {
    LearningRateSchedule schedule = Schedule.of("linear_warmup_cosine", epochs(20, List.of()));
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(1)).isCloseTo(0.02, within(1e-15));
    assertThat(schedule.at(39)).isCloseTo(0.8 * 39 / 40, within(1e-15));
    assertThat(schedule.at(40)).isEqualTo(0.8);
    assertThat(schedule.at(50)).isCloseTo(0.4 * (1 + Math.sqrt(0.5)), within(1e-15));
    assertThat(schedule.at(60)).isCloseTo(0.4, within(1e-15));
    assertThat(schedule.at(79)).isPositive();
    assertThat(schedule.at(80)).isZero();
    // The run goes on to step 99; unclamped, the cosine would rise again.
    assertThat(schedule.at(81)).isZero();
    assertThat(schedule.at(99)).isZero();
  }

  /** T = 77 epochs of 1 batch; U is int(77 * (10.0 / 77)), whose double is just below 10. */
  @Test
  void cosineRoundsTheWarmupDownAsTheAuthorsDo() {
    ScheduleParameters parameters = new ScheduleParameters(1, 0, 3, 3, 77, List.of(), 1);
    LearningRateSchedule schedule = Schedule.of("linear_warmup_cosine", parameters);
    assertThat(schedule.at(8)).isEqualTo(8.0 / 9);
    assertThat(schedule.at(9)).isEqualTo(1);
    assertThat(schedule.at(10)).isLessThan(1);
    assertThat(schedule.at(77)).isZero();
  }

  @Test
  void cosineOfTenEpochsOrFewerIsAllGrowth() {
    LearningRateSchedule ten = Schedule.of("linear_warmup_cosine", epochs(10, List.of()));
    assertThat(ten.at(39)).isCloseTo(0.8 * 39 / 40, within(1e-15));
    assertThat(ten.at(40)).isEqualTo(0.8);
    assertThat(ten.at(49)).isEqualTo(0.8);
    LearningRateSchedule five = Schedule.of("linear_warmup_cosine", epochs(5, List.of()));
    assertThat(five.at(19)).isCloseTo(0.8 * 19 / 40, within(1e-15));
    assertThat(five.at(20)).isEqualTo(0.4);
    assertThat(five.at(24)).isEqualTo(0.4);
  }

  @Test
  void schedulesNameAllThatTheyMiss() {
    assertThatThrownBy(
            () ->
                Schedule.of(
                    "multistep", new ScheduleParameters(-1, 0, 0, 2, 0, List.of(3L, 3L), 0)))
        .hasMessage(
            "learning_rate is -1.0, must be above 0 and finite; schedule multistep needs ascending"
                + " sched_decay_steps of at least 1 epoch, found [3, 3]; sched_decay_factor is 0.0,"
                + " must be above 0 and finite; schedule multistep needs the number of training"
                + " images, it is 0");
    assertThatThrownBy(
            () ->
                Schedule.of(
                    "linear_warmup_cosine", new ScheduleParameters(1, 7, 3, 4, 0, List.of(), 1)))
        .hasMessage(
            "schedule linear_warmup_cosine has a warm-up of its own, of 10 epochs: leave out"
                + " warmup, it is 7; schedule linear_warmup_cosine needs max_epochs of at least 1,"
                + " it is 0; schedule linear_warmup_cosine needs a full batch in an epoch:"
                + " batch_size is 4, training images are 3");
    assertThatThrownBy(() -> new ScheduleParameters(1, 0, 3, 0, 0, List.of(), 1))
        .hasMessage("training images and batch_size must be at least 0 and 1, not 3 and 0");
  }

  @Test
  void schedulesAreFoundByName() {
    assertThat(Schedule.registry().names())
        .containsExactly("constant", "halving", "linear_warmup_cosine", "multistep", "noam");
    assertThat(Schedule.registry().get("Multistep")).isInstanceOf(Multistep.class);
    assertThatThrownBy(() -> Schedule.registry().get("step"))
        .hasMessage(
            "unknown schedule 'step'; known: constant, halving, linear_warmup_cosine, multistep,"
                + " noam");
  }

  /** A schedule of a user: one class, and one line in META-INF/services. */
  public static final class Halving implements Schedule {

    @Override
    public String name() {
      return "halving";
    }

    @Override
    public LearningRateSchedule create(ScheduleParameters parameters) {
      return step -> parameters.learningRate() / (1L << step);
    }
  }

  @Test
  void schedulesOfUsersAreFoundToo() {
    assertThat(Schedule.of("halving", ScheduleParameters.of(0.8, 0)).at(2)).isEqualTo(0.2);
    assertThatThrownBy(() -> Schedule.of("halving", ScheduleParameters.of(0, 0)))
        .hasMessage("learning_rate is 0.0, must be above 0 and finite");
  }
}
