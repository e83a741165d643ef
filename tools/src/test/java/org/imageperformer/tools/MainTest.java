package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void helpListsTheCommands(String option) throws IOException {
    assertThat(Cli.run(option)).isEqualTo(new Cli(0, resource("main-help.txt"), ""));
  }

  @Test
  void noCommandShowsTheHelpAsAnError() throws IOException {
    assertThat(Cli.run()).isEqualTo(new Cli(2, "", resource("main-help.txt")));
  }

  @Test
  void versionNamesTheProductAndWhatItRunsOn() {
    assertThat(Cli.run("--version").out())
        .matches(
            "Image Performer \\d+\\.\\d+\\.\\d+( \\(commit [0-9a-f]{40}(-dirty)?\\))?\nTensorFlow Java \\d+\\S+\nJava \\d+ \\(.+\\)\n");
  }

  @ParameterizedTest
  @CsvSource({
    "completon, unknown command completon. Did you mean completion?",
    "plot-shfit, unknown command plot-shfit. Did you mean plot-shift?",
    "frobnicate, unknown command frobnicate.",
    "--verbos, unknown option --verbos. Did you mean --verbose?",
    "--hlep=3, unknown option --hlep. Did you mean --help?",
    "--frobnicate, unknown option --frobnicate."
  })
  void wrongUsageSuggestsTheNearest(String word, String reason) {
    assertThat(Cli.run(word))
        .isEqualTo(new Cli(2, "", "error: " + reason + "\n./performer --help shows the usage.\n"));
  }

  @Test
  void anArgumentTooManyOfACommandIsNamed() {
    assertThat(Cli.run("completion", "bash"))
        .isEqualTo(
            new Cli(
                2,
                "",
"""
error: unexpected argument bash.
./performer completion --help shows the usage.
"""));
  }

  @Test
  void completionKnowsCommandsAndOptions() {
    Cli result = Cli.run("completion");

    assertThat(result.status()).isZero();
    assertThat(result.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("complete -F _complete_performer")
        .contains("plot-shift")
        .contains("'--verbose'");
    assertThat(result.err()).isEmpty();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = MainTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
