package org.imageperformer.tools.cli;

import static org.imageperformer.training.TrainingOptions.DATA_PATH;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.folder.FolderSource;
import org.imageperformer.options.Words;
import org.imageperformer.tfmodels.models.ModelAlias;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.training.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A command about a model and a data set that takes the options of a training. */
@Command(modelTransformer = ModelCommand.Arguments.class)
public abstract class ModelCommand extends BaseCommand {
  private static final String MODEL = "MODEL";
  private static final String DATASET = "DATASET";
  private static final String MODEL_OPTION = "--model";
  private static final String DATASET_OPTION = "--dataset";

  /** Adds MODEL, DATASET and the options of a training to a command. */
  protected static class Arguments implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      command.addPositional(positional(0, MODEL, "The model", ModelFamilies.models()));
      command.addPositional(
          positional(1, DATASET, "The data set, or a folder of pictures", datasets()));
      command.addOption(hidden(MODEL_OPTION));
      command.addOption(hidden(DATASET_OPTION));
      TrainingArguments.add(command, option -> true);
      return command;
    }

    /** Published programs name both by options. */
    private static OptionSpec hidden(String name) {
      return OptionSpec.builder(name)
          .type(String.class)
          .arity("1")
          .description("In place of the argument.")
          .hidden(true)
          .build();
    }

    private static PositionalParamSpec positional(
        int index, String label, String description, List<String> choices) {
      return PositionalParamSpec.builder()
          .index(Integer.toString(index))
          .arity("0..1")
          .type(String.class)
          .paramLabel(label)
          .description(description + ": " + String.join(", ", choices) + ".")
          .completionCandidates(choices)
          .build();
    }
  }

  private static List<String> datasets() {
    return Datasets.all().stream().map(DatasetSource::name).toList();
  }

  /**
   * Leaves the options of one model, named in the arguments, in the help.
   *
   * @param command whose help is about to be shown
   * @param parsed its arguments
   */
  public static void narrowHelp(CommandSpec command, ParseResult parsed) {
    ModelFamilies.named(Given.of(parsed).model())
        .map(ModelAlias::model)
        .ifPresent(
            model -> {
              TrainingArguments.narrow(command, model);
              command.usageMessage().optionListHeading("%nOptions of " + model + ":%n");
            });
  }

  /** What stands for MODEL and DATASET, each an option's value or the next argument; or empty. */
  private record Given(String model, String dataset, List<String> more) {
    static Given of(ParseResult parsed) {
      Deque<String> arguments = new ArrayDeque<>();
      for (int i = 0; parsed.hasMatchedPositional(i); i++) {
        arguments.add(parsed.matchedPositionalValue(i, ""));
      }
      return new Given(
          next(parsed, MODEL_OPTION, arguments),
          next(parsed, DATASET_OPTION, arguments),
          List.copyOf(arguments));
    }

    private static String next(ParseResult parsed, String option, Deque<String> arguments) {
      return parsed.hasMatchedOption(option)
          ? parsed.matchedOptionValue(option, "")
          : Optional.ofNullable(arguments.poll()).orElse("");
    }
  }

  /** Whether MODEL or DATASET was given. */
  protected final boolean namesModel() {
    Given given = Given.of(parsed());
    return !given.model().isEmpty() || !given.dataset().isEmpty();
  }

  private ParseResult parsed() {
    return spec().commandLine().getParseResult();
  }

  /**
   * Returns what the arguments ask for.
   *
   * @throws picocli.CommandLine.ParameterException naming all that is wrong at once
   */
  public final TrainingConfig config() {
    List<String> problems = new ArrayList<>();
    List<String> models = ModelFamilies.models();
    Given given = Given.of(parsed());
    given.more().forEach(word -> problems.add("unexpected argument " + word));
    Optional<ModelAlias> alias = ModelFamilies.named(given.model());
    Optional<String> model = alias.map(ModelAlias::model);
    if (model.isEmpty()) {
      problems.add(unknown(MODEL, given.model(), models));
    }
    Optional<Path> folder = folder(given.dataset());
    Optional<String> name =
        folder.isPresent()
            ? Optional.of(FolderSource.NAME)
            : datasets().stream().filter(given.dataset()::equalsIgnoreCase).findFirst();
    Optional<DatasetInfo> dataset = name.flatMap(known -> dataset(known, folder, problems));
    if (name.isEmpty()) {
      problems.add(unknown(DATASET, given.dataset(), datasets()));
    }
    // Options are looked at in any case: all problems are named at once.
    TrainingConfig.Builder builder =
        TrainingConfig.builder(model.orElse(models.get(0)), dataset.orElse(Datasets.info("MNIST")));
    alias.ifPresent(named -> TrainingArguments.imply(this, named, builder, problems));
    TrainingArguments.apply(this, builder, problems);
    folder.ifPresent(path -> builder.set(DATA_PATH, path));
    if (model.isPresent() && dataset.isPresent()) {
      try {
        TrainingConfig config = builder.build();
        if (problems.isEmpty()) {
          return config;
        }
      } catch (IllegalArgumentException e) {
        problems.add(e.getMessage());
      }
    }
    throw wrongUsage(String.join("; ", problems));
  }

  /** A word that can only be a path, or is one of a folder, and no name of a data set. */
  private static Optional<Path> folder(String word) {
    boolean path = word.contains("/") || word.contains(File.separator) || word.startsWith(".");
    try {
      return path || (!word.isEmpty() && !isDataset(word) && Files.isDirectory(Path.of(word)))
          ? Optional.of(Path.of(word))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isDataset(String word) {
    return datasets().stream().anyMatch(word::equalsIgnoreCase);
  }

  private Optional<DatasetInfo> dataset(String name, Optional<Path> folder, List<String> problems) {
    Map<String, String> options = TrainingArguments.texts(this);
    String given = options.get(DATA_PATH.name());
    if (folder.isPresent() && given != null && !folder.get().equals(Path.of(given))) {
      problems.add(
          "data_path is " + given + ", but the data set is " + folder.get() + ": drop one");
    }
    Path dataPath = folder.orElse(Path.of(given == null ? "data" : given));
    try {
      return Optional.of(Datasets.info(name, dataPath, options));
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private static String unknown(String label, String word, List<String> known) {
    return (word.isEmpty() ? label + " is missing" : "unknown " + label + " " + word)
        + Words.nearest(word, known).map(near -> ", did you mean " + near + "?").orElse(".")
        + " Known are "
        + String.join(", ", known);
  }
}
