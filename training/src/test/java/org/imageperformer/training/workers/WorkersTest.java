package org.imageperformer.training.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  @Test
  void areCalledByNumberAndAddress() {
    Workers workers = new Workers(List.of("a.example:2222", "[::1]:65535", "10.0.0.3:1"), 1);

    assertThat(workers.list())
        .isEqualTo("task 0 (a.example:2222), task 1 ([::1]:65535), task 2 (10.0.0.3:1)");
    assertThat(workers.port()).isEqualTo(65535);
    assertThat(workers.socket(1).getHostString()).isEqualTo("::1");
    assertThat(workers.others()).containsExactly(0, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", ":2222", "host:0", "host:65536", "a/b:1", "a b:1"})
  void haveAHostAndAPort(String address) {
    assertThatThrownBy(() -> new Workers(List.of(address), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "workers has '" + address + "': expected host:port with a port from 1 to 65535");
  }

  @Test
  void areNamedOnce() {
    assertThatThrownBy(() -> new Workers(List.of("a:1", "b:1", "a:1"), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("workers names a:1 twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void haveNumbers(int task) {
    assertThatThrownBy(() -> new Workers(List.of("a:1", "b:1"), task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task is " + task + ", must be at least 0 and below 2, the number of workers");
  }
}
