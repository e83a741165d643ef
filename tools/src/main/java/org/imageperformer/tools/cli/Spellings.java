package org.imageperformer.tools.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.options.Option;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Other spellings of options, which are turned into ours before the arguments are parsed, so that
 * commands, help and completion know one spelling only: kebab-case, {@code --batch-size} for {@code
 * --batch_size}; the prefix of GSA-Nets' published program, {@code --config.batch_size}; and the
 * {@linkplain Option#aliases aliases} of rows, {@code --lr} for {@code --learning_rate}.
 */
public final class Spellings {
  private static final String PREFIX = "--config.";

  /** Options of that program that have no counterpart, and what takes their place. */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "--comment", "name the run with --exp_name and --version",
          "--path", "a run's folder is that of --log_path, --exp_name and --version",
          "--pretrained", "test tests a run, import makes one of a published model",
          "--train", "train trains and tests, test tests alone");

  private final Set<String> known = new HashSet<>();
  private final Map<String, String> aliases = new HashMap<>();

  /**
   * @param root the command with all its subcommands
   */
  public Spellings(CommandSpec root) {
    collect(root);
    for (Option<?> row : TrainingArguments.all()) {
      row.aliases().forEach(alias -> aliases.put("--" + alias, "--" + row.name()));
    }
  }

  private void collect(CommandSpec command) {
    for (OptionSpec option : command.options()) {
      known.addAll(List.of(option.names()));
    }
    for (CommandLine subcommand : command.subcommands().values()) {
      collect(subcommand.getCommandSpec());
    }
  }

  /**
   * Returns the arguments with all known options in our spelling; what follows {@code --} stays.
   */
  public String[] ours(String... args) {
    String[] result = args.clone();
    for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
      int equals = result[i].indexOf('=');
      String name = equals < 0 ? result[i] : result[i].substring(0, equals);
      if (name.startsWith("--")) {
        result[i] = ours(name) + result[i].substring(name.length());
      }
    }
    return result;
  }

  private String ours(String name) {
    String bare = name.startsWith(PREFIX) ? "--" + name.substring(PREFIX.length()) : name;
    if (known.contains(bare)) {
      return bare;
    }
    String snake = snakeCase(bare);
    String ours = aliases.getOrDefault(snake, snake);
    return known.contains(ours) ? ours : bare;
  }

  /** Returns the spelling with underscores of an option's name, its leading dashes kept. */
  static String snakeCase(String name) {
    return name.startsWith("--") ? "--" + name.substring(2).replace('-', '_') : name;
  }

  /** What takes the place of an option that only the published program has. */
  static Optional<String> instead(String name) {
    return Optional.ofNullable(FOREIGN.get(name));
  }
}
