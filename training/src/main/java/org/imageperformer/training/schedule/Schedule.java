package org.imageperformer.training.schedule;

import java.util.List;
import java.util.stream.Stream;
import org.imageperformer.options.Registry;

/** A shape that the learning rate can take over a run; chosen by name ({@link Registry}). */
public interface Schedule {

  /** The value of the option {@code schedule}, in small letters. */
  String name();

  /** What this schedule cannot do with these parameters, beside what none can; mostly nothing. */
  default List<String> problems(ScheduleParameters parameters) {
    return List.of();
  }

  /** The rates for parameters without problems. */
  LearningRateSchedule create(ScheduleParameters parameters);

  /** All schedules there are. */
  static Registry<Schedule> registry() {
    return new Registry<>(Schedule.class, "schedule", Schedule::name);
  }

  /**
   * The rates of the schedule of a name.
   *
   * @throws IllegalArgumentException if there is none, or naming every problem of the parameters at
   *     once
   */
  static LearningRateSchedule of(String name, ScheduleParameters parameters) {
    Schedule schedule = registry().get(name);
    List<String> problems =
        Stream.concat(parameters.problems().stream(), schedule.problems(parameters).stream())
            .toList();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return schedule.create(parameters);
  }
}
