package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.imageperformer.tools.commands.RootCommand;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class SpellingsTest {
  private final Spellings spellings =
      new Spellings(
          CommandSpec.create()
              .addOption(OptionSpec.builder("-b", "--batch_size").type(int.class).build())
              .addSubcommand(
                  "sub",
                  CommandSpec.create()
                      .addOption(OptionSpec.builder("--exp_name").type(String.class).build())
                      .addOption(OptionSpec.builder("--dry-run").type(boolean.class).build())));

  @Test
  void knownOptionsOfAllCommandsAreRewritten() {
    assertThat(spellings.ours("--batch-size", "16", "sub", "--exp-name=a-b"))
        .containsExactly("--batch_size", "16", "sub", "--exp_name=a-b");
  }

  @Test
  void thePublishedProgramsOptionsAreOurs() {
    assertThat(
            new Spellings(new CommandLine(new RootCommand()).getCommandSpec())
                .ours(
                    ("train --config.dataset rotMNIST --config.patch_size=5 --config.lr 0.1"
                            + " --epochs=3 --config.scheduler constants --config.batch-size 8"
                            + " --config.nonsense 1")
                        .split(" ")))
        .containsExactly(
            ("train --dataset rotMNIST --patch_size=5 --learning_rate 0.1 --max_epochs=3"
                    + " --schedule constants --batch_size 8 --nonsense 1")
                .split(" "));
  }

  @Test
  void allElseStays() {
    String[] args = {
      "--batch_size=2", "--dry-run", "--un-known", "a-b", "-b-c", "--", "--exp-name"
    };

    assertThat(spellings.ours(args)).containsExactly(args);
  }
}
