package org.imageperformer.tools.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.models.ModelAlias;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options of a training among the arguments of a command. Values are read as text, so that all
 * that is wrong with them can be said at once.
 */
public final class TrainingArguments {
  /** Behind all options of trainings, before those of every command. */
  private static final int LAST = 10_000;

  private TrainingArguments() {}

  /** The options of all models, those of a training around them; each name once. */
  public static List<Option<?>> all() {
    return all(ModelFamilies.all());
  }

  private static List<Option<?>> all(List<ModelFamily> families) {
    OptionSet models = OptionSet.of();
    for (ModelFamily family : families) {
      for (String model : family.models()) {
        models = models.union(family.options(model));
      }
    }
    return visible(TrainingOptions.around(models).plus(Datasets.options()));
  }

  private static List<Option<?>> visible(OptionSet set) {
    return set.rows().stream().filter(row -> !row.isHidden()).toList();
  }

  /** Adds those options of a training that are wanted to a command. */
  public static void add(CommandSpec command, Predicate<Option<?>> wanted) {
    int order = 1; // options of the command itself come first
    // Looked up once: it searches the class path.
    List<ModelFamily> families = ModelFamilies.all();
    Map<String, List<String>> ownersByOption = owners(families);
    long models = families.stream().mapToLong(family -> family.models().size()).sum();
    for (Option<?> row : all(families)) {
      if (wanted.test(row)) {
        List<String> owners = ownersByOption.getOrDefault(row.name(), List.of());
        boolean everyModel = owners.isEmpty() || owners.size() == models;
        command.addOption(spec(row, everyModel ? "" : String.join(", ", owners) + ": ", order));
        order++;
      }
    }
  }

  /** Adds other options of a command, behind those of a training. */
  public static void add(CommandSpec command, OptionSet rows) {
    int order = LAST;
    for (Option<?> row : rows.rows()) {
      command.addOption(spec(row, "", order));
      order++;
    }
  }

  /**
   * The values of a command's other options, their defaults where none were given.
   *
   * @throws picocli.CommandLine.ParameterException naming all that is wrong at once
   */
  public static Options values(BaseCommand command, OptionSet rows) {
    List<String> problems = new ArrayList<>();
    Options values = rows.defaults();
    for (Option<?> row : rows.rows()) {
      if (given(command, row)) {
        try {
          values = with(values, row, parsed(command).matchedOptionValue("--" + row.name(), ""));
        } catch (IllegalArgumentException e) {
          problems.add(e.getMessage());
        }
      }
    }
    problems.addAll(values.problems());
    if (!problems.isEmpty()) {
      throw command.wrongUsage(String.join("; ", problems));
    }
    return values;
  }

  private static <T> Options with(Options values, Option<T> row, String word) {
    return values.with(row, row.argument(word));
  }

  /** The models that have an option of their family, by the option's name. */
  private static Map<String, List<String>> owners(List<ModelFamily> families) {
    Map<String, List<String>> owners = new HashMap<>();
    for (ModelFamily family : families) {
      for (String model : family.models()) {
        for (Option<?> row : family.options(model).rows()) {
          owners.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(model);
        }
      }
    }
    return owners;
  }

  /** Leaves the options of one model, with its own defaults, in a command's help. */
  static void narrow(CommandSpec command, String model) {
    all().forEach(row -> command.remove(command.findOption("--" + row.name())));
    int order = 1;
    OptionSet options = TrainingConfig.options(ModelFamilies.of(model), model);
    for (Option<?> row : visible(options.plus(Datasets.options()))) {
      command.addOption(spec(row, "", order));
      order++;
    }
  }

  private static OptionSpec spec(Option<?> row, String before, int order) {
    List<String> lines = new ArrayList<>(List.of(before + row.help()));
    OptionSpec.Builder builder = OptionSpec.builder("--" + row.name()).order(order);
    if (row.isFlag()) {
      return builder.description(lines.get(0)).type(boolean.class).arity("0").build();
    }
    lines.add("  Default: " + row.standardText());
    builder
        .description(lines.toArray(String[]::new))
        .type(String.class)
        .arity("1")
        .paramLabel(row.label());
    return (row.choices().isEmpty() ? builder : builder.completionCandidates(row.choices()))
        .build();
  }

  /** Whether an option was given. */
  public static boolean given(BaseCommand command, Option<?> option) {
    return parsed(command).hasMatchedOption("--" + option.name());
  }

  /** The options of a training among parsed arguments, by name, as the words to repeat. */
  public static Map<String, List<String>> words(ParseResult parsed) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    for (Option<?> row : all()) {
      String name = "--" + row.name();
      if (parsed.hasMatchedOption(name)) {
        words.put(
            row.name(),
            row.isFlag() ? List.of(name) : List.of(name, parsed.matchedOptionValue(name, "")));
      }
    }
    return words;
  }

  /** The options of a training that were given, as texts by name. */
  public static Map<String, String> texts(BaseCommand command) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Option<?> row : all()) {
      if (given(command, row)) {
        Object value = parsed(command).matchedOptionValue("--" + row.name(), "");
        texts.put(row.name(), value.toString());
      }
    }
    return texts;
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

  /** Sets the options that a model's other name implies, and refuses others beside it. */
  static void imply(
      BaseCommand command,
      ModelAlias alias,
      TrainingConfig.Builder builder,
      List<String> problems) {
    for (Option<?> row : builder.rows()) {
      String implied = alias.options().get(row.name());
      if (implied != null) {
        builder.argument(row, implied);
        String given = parsed(command).matchedOptionValue("--" + row.name(), implied);
        if (!given.equalsIgnoreCase(implied)) {
          problems.add(
              row.name()
                  + " is "
                  + given
                  + ", but the model's name says "
                  + implied
                  + ": drop one");
        }
      }
    }
  }

  /** Sets the options that were given and adds what is wrong with their values to the problems. */
  static void apply(BaseCommand command, TrainingConfig.Builder builder, List<String> problems) {
    for (Option<?> row : all()) {
      if (given(command, row)) {
        Object value = parsed(command).matchedOptionValue("--" + row.name(), "");
        Optional<Option<?>> own =
            builder.rows().stream().filter(its -> its.name().equals(row.name())).findFirst();
        try {
          builder.argument(own.orElse(row), value.toString());
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
