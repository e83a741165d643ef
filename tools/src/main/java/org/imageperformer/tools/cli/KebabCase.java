package org.imageperformer.tools.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Accepts every option in kebab-case as well: {@code --batch-size} is turned into {@code
 * --batch_size} before the arguments are parsed, so that commands, help and completion know one
 * spelling only.
 */
public final class KebabCase {
  private final Set<String> known = new HashSet<>();

  /**
   * @param root the command with all its subcommands
   */
  public KebabCase(CommandSpec root) {
    collect(root);
  }

  private void collect(CommandSpec command) {
    for (OptionSpec option : command.options()) {
      known.addAll(List.of(option.names()));
    }
    for (CommandLine subcommand : command.subcommands().values()) {
      collect(subcommand.getCommandSpec());
    }
  }

  /** Returns the arguments with all known options in snake case; what follows {@code --} stays. */
  public String[] toSnakeCase(String... args) {
    String[] result = args.clone();
    for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
      int equals = result[i].indexOf('=');
      String name = equals < 0 ? result[i] : result[i].substring(0, equals);
      String snake = snakeCase(name);
      if (name.startsWith("--") && !known.contains(name) && known.contains(snake)) {
        result[i] = snake + result[i].substring(name.length());
      }
    }
    return result;
  }

  /** Returns the spelling with underscores of an option's name, its leading dashes kept. */
  static String snakeCase(String name) {
    return name.startsWith("--") ? "--" + name.substring(2).replace('-', '_') : name;
  }
}
