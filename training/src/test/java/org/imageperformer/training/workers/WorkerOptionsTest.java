package org.imageperformer.training.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.training.workers.WorkerOptions.TASK;
import static org.imageperformer.training.workers.WorkerOptions.WORKERS;
import static org.imageperformer.training.workers.WorkerOptions.WORKER_TIMEOUT;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.imageperformer.options.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerOptionsTest {
  private static final Options NONE = WorkerOptions.SET.defaults();
  private static final Options GIVEN =
      NONE.with(WORKERS, WORKERS.argument("a:1,b:2")).with(TASK, 1);
  private static final String CONFIG =
      "{\"cluster\":{\"worker\":[\"a:1\",\"b:2\"]},\"task\":{\"type\":\"worker\",\"index\":1}}";
  private static final Workers SECOND = new Workers(List.of("a:1", "b:2"), 1);

  @Test
  void aProcessIsAlone() {
    assertThat(WorkerOptions.workers(NONE, Optional.empty())).isEmpty();
    assertThat(WorkerOptions.workers(NONE, Optional.of(""))).isEmpty();
    assertThat(NONE.get(WORKER_TIMEOUT)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void oneWorkerIsAlone() {
    Options one = NONE.with(WORKERS, List.of("a:1")).with(TASK, 0);
    assertThat(WorkerOptions.workers(one, Optional.empty())).isEmpty();
  }

  @Test
  void optionsAndEnvironmentSayTheSame() {
    assertThat(WorkerOptions.workers(GIVEN, Optional.empty())).contains(SECOND);
    assertThat(WorkerOptions.workers(NONE, Optional.of(CONFIG))).contains(SECOND);
    assertThat(WorkerOptions.workers(GIVEN, Optional.of(CONFIG))).contains(SECOND);
    assertThat(WorkerOptions.workers(NONE.with(TASK, 1), Optional.of(CONFIG))).contains(SECOND);
  }

  @Test
  void aContradictionIsAnError() {
    Options other = NONE.with(WORKERS, List.of("a:1", "c:3")).with(TASK, 0);
    assertThatThrownBy(() -> WorkerOptions.workers(other, Optional.of(CONFIG)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "workers is a:1,c:3, but TF_CONFIG has a:1,b:2; task is 0, but TF_CONFIG has 1:"
                + " correct one, or unset TF_CONFIG");
  }

  @Test
  void oneOfTheTwoIsNotEnough() {
    assertThatThrownBy(() -> WorkerOptions.workers(NONE.with(TASK, 0), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task needs workers, the addresses of all processes");
    Options addresses = NONE.with(WORKERS, List.of("a:1", "b:2"));
    assertThatThrownBy(() -> WorkerOptions.workers(addresses, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("workers needs task, which of them this process is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chief", "ps", "evaluator"})
  void allAreWorkers(String other) {
    String cluster = CONFIG.replace("{\"worker\":", "{\"" + other + "\":[\"c:1\"],\"worker\":");
    String task = CONFIG.replace(":\"worker\"", ":\"" + other + "\"");
    for (String json : List.of(cluster, task)) {
      assertThatThrownBy(() -> WorkerOptions.workers(NONE, Optional.of(json)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("TF_CONFIG names a " + other + ": all processes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "[]",
        "{}",
        "{\"cluster\":{}}",
        "{\"cluster\":{\"worker\":\"a:1\"},\"task\":{\"type\":\"worker\",\"index\":0}}",
        "{\"cluster\":{\"worker\":[\"a:1\"]},\"task\":{\"index\":0}}",
        "{\"cluster\":{\"worker\":[\"a:1\"]},\"task\":{\"type\":\"worker\",\"index\":\"x\"}}"
      })
  void anythingElseIsRefusedWithAnExample(String json) {
    assertThatThrownBy(() -> WorkerOptions.workers(NONE, Optional.of(json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("TF_CONFIG is " + json + ": expected {\"cluster\":");
  }
}
