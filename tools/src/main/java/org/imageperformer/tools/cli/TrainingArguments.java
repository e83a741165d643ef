package org.imageperformer.tools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of a training among the arguments of a command. */
public final class TrainingArguments {
  private TrainingArguments() {}

  /** Adds those options of a training that are wanted to a command. */
  public static void add(CommandSpec command, Predicate<TrainingOption> wanted) {
    int order = 1; // options of the command itself come first
    for (TrainingArgument argument : TrainingArgument.all()) {
      if (wanted.test(argument.option())) {
        command.addOption(argument.spec(order));
        order++;
      }
    }
  }

  /** Whether an option was given. */
  public static boolean given(BaseCommand command, TrainingOption option) {
    return parsed(command).hasMatchedOption("--" + option.label());
  }

  /**
   * Sets the options that were given.
   *
   * @return the builder
   * @throws picocli.CommandLine.ParameterException naming all that is wrong at once
   */
  public static TrainingConfig.Builder apply(BaseCommand command, TrainingConfig.Builder builder) {
    List<String> problems = new ArrayList<>();
    apply(command, builder, problems);
    try {
      builder.build();
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
    if (!problems.isEmpty()) {
      throw command.wrongUsage(String.join("; ", problems));
    }
    return builder;
  }

  /** Sets the options that were given and adds what is wrong with their values to the problems. */
  static void apply(BaseCommand command, TrainingConfig.Builder builder, List<String> problems) {
    for (TrainingArgument argument : TrainingArgument.all()) {
      if (given(command, argument.option())) {
        Object value = parsed(command).matchedOptionValue("--" + argument.option().label(), "");
        try {
          argument.setter().accept(builder, value.toString());
        } catch (IllegalArgumentException e) {
          problems.add(e.getMessage());
        }
      }
    }
  }

  private static ParseResult parsed(BaseCommand command) {
    return command.spec().commandLine().getParseResult();
  }
}
