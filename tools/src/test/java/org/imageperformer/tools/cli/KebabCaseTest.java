package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class KebabCaseTest {
  private final KebabCase kebabCase =
      new KebabCase(
          CommandSpec.create()
              .addOption(OptionSpec.builder("-b", "--batch_size").type(int.class).build())
              .addSubcommand(
                  "sub",
                  CommandSpec.create()
                      .addOption(OptionSpec.builder("--exp_name").type(String.class).build())
                      .addOption(OptionSpec.builder("--dry-run").type(boolean.class).build())));

  @Test
  void knownOptionsOfAllCommandsAreRewritten() {
    assertThat(kebabCase.toSnakeCase("--batch-size", "16", "sub", "--exp-name=a-b"))
        .containsExactly("--batch_size", "16", "sub", "--exp_name=a-b");
  }

  @Test
  void allElseStays() {
    String[] args = {
      "--batch_size=2", "--dry-run", "--un-known", "a-b", "-b-c", "--", "--exp-name"
    };

    assertThat(kebabCase.toSnakeCase(args)).containsExactly(args);
  }
}
