package org.imageperformer.tools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.options.Words;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.training.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A command about a model and a data set that takes the options of a training. */
@Command(modelTransformer = ModelCommand.Arguments.class)
public abstract class ModelCommand extends BaseCommand {
  private static final String MODEL = "MODEL";
  private static final String DATASET = "DATASET";

  /** Adds MODEL, DATASET and the options of a training to a command. */
  static final class Arguments implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      command.addPositional(positional(0, MODEL, "The model", ModelFamilies.models()));
      command.addPositional(positional(1, DATASET, "The data set", datasets()));
      TrainingArguments.add(command, option -> true);
      return command;
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
    String word = parsed.matchedPositionalValue(0, "");
    if (ModelFamilies.models().contains(word)) {
      TrainingArguments.narrow(command, word);
      command.usageMessage().optionListHeading("%nOptions of " + word + ":%n");
    }
  }

  /** Whether MODEL or DATASET was given. */
  protected final boolean namesModel() {
    return parsed().hasMatchedPositional(0);
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
    Optional<String> model = named(0, MODEL, models, String::equals, problems);
    Optional<DatasetInfo> dataset =
        named(1, DATASET, datasets(), String::equalsIgnoreCase, problems).map(Datasets::info);
    // Options are looked at in any case: all problems are named at once.
    TrainingConfig.Builder builder =
        TrainingConfig.builder(model.orElse(models.get(0)), dataset.orElse(Datasets.info("MNIST")));
    TrainingArguments.apply(this, builder, problems);
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

  private Optional<String> named(
      int index,
      String label,
      List<String> known,
      BiPredicate<String, String> same,
      List<String> problems) {
    String word = parsed().matchedPositionalValue(index, "");
    Optional<String> name = known.stream().filter(one -> same.test(one, word)).findFirst();
    if (name.isPresent()) {
      return name;
    }
    problems.add(
        (word.isEmpty() ? label + " is missing" : "unknown " + label + " " + word)
            + Words.nearest(word, known).map(near -> ", did you mean " + near + "?").orElse(".")
            + " Known are "
            + String.join(", ", known));
    return Optional.empty();
  }
}
