package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.imageperformer.tools.commands.RootCommand;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NamedCommandsTest {
  private static final List<String> MODEL_COMMANDS = List.of("train", "summary", "bench", "import");

  @Test
  void commandsThatAreNotNamedDoWithoutTheOptionsOfModels() {
    CommandLine root = new CommandLine(new RootCommand(), new NamedCommands("bench", "--help"));
    for (String name : MODEL_COMMANDS) {
      assertThat(root.getSubcommands().get(name).getCommandSpec().findOption("--dim") != null)
          .as(name)
          .isEqualTo(name.equals("bench"));
    }
    assertThat(root.getSubcommands().get("train").getCommandSpec().findOption("--resume"))
        .isNotNull();
  }

  @Test
  void completionKnowsAllOptions() {
    CommandLine root = new CommandLine(new RootCommand(), new NamedCommands("completion"));
    for (String name : MODEL_COMMANDS) {
      assertThat(root.getSubcommands().get(name).getCommandSpec().findOption("--dim"))
          .as(name)
          .isNotNull();
    }
  }
}
