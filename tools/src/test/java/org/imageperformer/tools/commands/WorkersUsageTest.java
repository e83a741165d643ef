package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.imageperformer.tools.Cli;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before a process waits for another. */
class WorkersUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Performer MNIST --task 0 | task needs workers",
        "Performer MNIST --workers a:1,b:1 | workers needs task",
        "Performer MNIST --workers a:1,b --task 0 | workers has 'b': expected host:port",
        "Performer MNIST --workers a:1,b:1 --task 2 | task is 2, must be at least 0 and below 2",
        "Performer MNIST --workers a:1,b:1 --task 0 --worker_timeout 0s | '0s' is no time",
        "Performer MNIST --workers a:1,b:1 --task 0 | seed is missing: all workers need the same",
        "ResNet18 MNIST --seed 1 --workers a:1,b:1 --task 0 | ties the images of a batch together",
        "Z2CNN MNIST --seed 1 --workers a:1,b:1 --task 0 | ties the images of a batch together",
        "Performer MNIST --key_stabilizer batch --seed 1 --workers a:1,b:1 --task 0"
            + " | Performer with key_stabilizer batch ties the images of a batch together, so that 2"
            + " workers cannot share it: train it in one process"
      })
  void isExplained(String words, String message) {
    Cli result = Cli.run(("train " + words).split(" "));
    assertThat(result.err()).contains(message);
    assertThat(result.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "launch -- train Performer MNIST | Missing required option: '--processes=N'",
        "launch --processes 0 -- train Performer MNIST | processes is 0, must be at least 1",
        "launch --processes 2 -- test runs | launch starts train, and not test",
        "launch --processes 2 -- train Performer MNIST --task 0 | launch chooses --task itself"
      })
  void launchExplainsToo(String words, String message) {
    Cli result = Cli.run(words.split(" "));
    assertThat(result.err()).contains(message);
    assertThat(result.status()).isEqualTo(2);
  }
}
