package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.imageperformer.tools.cli.Spellings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What holds for every option of every command. */
class OptionsTest {
  static Stream<CommandSpec> commands() {
    List<CommandSpec> commands = new ArrayList<>();
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    collect(Main.commandLine(nowhere, nowhere).getCommandSpec(), commands);
    return commands.stream();
  }

  private static void collect(CommandSpec command, List<CommandSpec> commands) {
    commands.add(command);
    for (CommandLine subcommand : command.subcommands().values()) {
      collect(subcommand.getCommandSpec(), commands);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAndArgumentsAreDescribed(CommandSpec command) {
    assertThat(command.usageMessage().description()).isNotEmpty();
    assertThat(command.args())
        .allSatisfy(argument -> assertThat(description(argument)).as("%s", argument).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsThere(CommandSpec command) {
    assertThat(command.findOption("--help").usageHelp()).isTrue();
    assertThat(command.findOption("--verbose")).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void optionsAreDeclaredInSnakeCaseAndAcceptedInKebabCase(CommandSpec command) {
    Spellings spellings = new Spellings(command.root());
    for (OptionSpec option : command.options()) {
      for (String name : option.names()) {
        String kebab = name.replace('_', '-');
        assertThat(name).matches("-[a-zA-Z]|--[a-z0-9]+(_[a-z0-9]+)*");
        assertThat(spellings.ours(kebab)).containsExactly(name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpShowsOneSpelling(CommandSpec command) {
    assertThat(command.commandLine().getUsageMessage())
        .doesNotContainPattern("--[a-z]+-[a-z](?!his)");
  }

  private static String description(ArgSpec argument) {
    return String.join(" ", argument.description());
  }
}
