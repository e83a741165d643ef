package org.imageperformer.tools.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ModelKind;
import org.imageperformer.training.CheckpointEvery;
import org.imageperformer.training.Device;
import org.imageperformer.training.DurationText;
import org.imageperformer.training.Precision;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOption;
import org.imageperformer.training.schedule.ScheduleKind;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A training option on the command line (cli.md, "train"). Values are read as text, so that all
 * that is wrong with them can be said at once.
 *
 * @param option which one
 * @param label what help calls its value; empty for a flag
 * @param description for help
 * @param choices the values that it can have, empty for any
 * @param setter reads a value into a builder; throws IllegalArgumentException for a wrong one
 */
public record TrainingArgument(
    TrainingOption option,
    String label,
    String description,
    List<String> choices,
    BiConsumer<TrainingConfig.Builder, String> setter) {

  /** Every option of a training, in the order of cli.md. */
  public static List<TrainingArgument> all() {
    return List.of(
        text(
            TrainingOption.LOG_PATH,
            "DIR",
            "Folder of all experiments.",
            (b, s) -> b.logPath(Path.of(s))),
        text(
            TrainingOption.EXP_NAME,
            "NAME",
            "Experiment, a folder in it.",
            TrainingConfig.Builder::expName),
        text(
            TrainingOption.VERSION,
            "NAME",
            "Run, a folder in that.",
            TrainingConfig.Builder::version),
        integer(TrainingOption.BATCH_SIZE, "Images of a step.", TrainingConfig.Builder::batchSize),
        choice(
            TrainingOption.EMBEDDING_TYPE,
            "How a pixel becomes a vector",
            labels(EmbeddingType.values(), EmbeddingType::label),
            (b, s) -> b.embeddingType(EmbeddingType.of(s))),
        number(
            TrainingOption.LEARNING_RATE,
            "Learning rate of Adam, after the warm-up.",
            TrainingConfig.Builder::learningRate),
        longInteger(
            TrainingOption.WARMUP,
            "Steps in which the learning rate grows from 0.",
            TrainingConfig.Builder::warmup),
        choice(
            TrainingOption.SCHEDULE,
            "The learning rate after the warm-up",
            labels(ScheduleKind.values(), ScheduleKind::label),
            (b, s) -> b.schedule(ScheduleKind.of(s))),
        integer(TrainingOption.DIM, "Features of a token.", TrainingConfig.Builder::dim),
        integer(TrainingOption.DEPTH, "Blocks.", TrainingConfig.Builder::depth),
        integer(TrainingOption.HEADS, "Attention heads.", TrainingConfig.Builder::heads),
        number(
            TrainingOption.ATTN_DROPOUT,
            "Dropout after attention, in [0, 1).",
            TrainingConfig.Builder::attnDropout),
        number(
            TrainingOption.FF_DROPOUT,
            "Dropout inside the feed-forward, in [0, 1).",
            TrainingConfig.Builder::ffDropout),
        integer(
            TrainingOption.FEATURE_REDRAW_INTERVAL,
            "Steps between new random projections, 0 for never.",
            TrainingConfig.Builder::featureRedrawInterval),
        flag(
            TrainingOption.NO_PROJECTION,
            "Exact softmax attention instead of random features; slow.",
            b -> b.noProjection(true)),
        choice(
            TrainingOption.KEY_STABILIZER,
            "Over which keys the maximum inside the random features is taken",
            labels(KeyStabilizer.values(), KeyStabilizer::label),
            (b, s) -> b.keyStabilizer(KeyStabilizer.of(s))),
        integer(
            TrainingOption.POS_SCALES,
            "Frequencies of the position encoding.",
            TrainingConfig.Builder::posScales),
        flag(
            TrainingOption.CONTENT_REL_ATTN,
            "A second relative attention that depends on the content.",
            b -> b.contentRelAttn(true)),
        integer(
            TrainingOption.CLIPPING_DIST,
            "Distances from here on are one, in pixels.",
            TrainingConfig.Builder::clippingDist),
        choice(
            TrainingOption.CLASS_TOKEN_POSITION,
            "Where the class token stands: below the image's corner, as in the published program,"
                + " or nowhere",
            labels(ClassTokenPosition.values(), ClassTokenPosition::label),
            (b, s) -> b.classTokenPosition(ClassTokenPosition.of(s))),
        integer(
            TrainingOption.MAX_EPOCHS,
            "Stop after so many epochs.",
            TrainingConfig.Builder::maxEpochs),
        longInteger(
            TrainingOption.MAX_STEPS,
            "Stop after so many steps.",
            TrainingConfig.Builder::maxSteps),
        text(
            TrainingOption.MAX_TIME,
            "TIME",
            "Stop after this time, such as 90s, 30m or 1h30m.",
            (b, s) -> b.maxTime(DurationText.parse(s))),
        integer(
            TrainingOption.PATIENCE,
            "Stop after so many epochs without a better val/acc.",
            TrainingConfig.Builder::patience),
        number(
            TrainingOption.GRADIENT_CLIP_VAL,
            "Largest global norm of the gradients, 0 for no clipping.",
            TrainingConfig.Builder::gradientClipVal),
        integer(
            TrainingOption.VAL_SPLIT,
            "Training images split off for validation.",
            TrainingConfig.Builder::valSplit),
        integer(
            TrainingOption.LIMIT_TRAIN,
            "Use so many training images only.",
            TrainingConfig.Builder::limitTrain),
        integer(
            TrainingOption.LIMIT_VAL,
            "Use so many validation images only.",
            TrainingConfig.Builder::limitVal),
        integer(
            TrainingOption.LIMIT_TEST,
            "Use so many test images only.",
            TrainingConfig.Builder::limitTest),
        integer(
            TrainingOption.IMAGE_SIZE,
            "Rows and columns that images are resized to.",
            TrainingConfig.Builder::imageSize),
        longInteger(
            TrainingOption.SEED,
            "Everything random follows from it.",
            TrainingConfig.Builder::seed),
        text(
            TrainingOption.DATA_PATH,
            "DIR",
            "Folder of the data sets; what is missing is downloaded into it.",
            (b, s) -> b.dataPath(Path.of(s))),
        choice(
            TrainingOption.DEVICE,
            "Where the model is computed",
            labels(Device.values(), Device::label),
            (b, s) -> b.device(Device.of(s))),
        choice(
            TrainingOption.GPU_MEMORY_GROWTH,
            "Take a GPU's memory as it is needed, instead of all of it",
            List.of("true", "false"),
            (b, s) -> b.gpuMemoryGrowth(Boolean.parseBoolean(s))),
        integer(TrainingOption.GPUS, "GPUs that share every batch.", TrainingConfig.Builder::gpus),
        integer(TrainingOption.THREADS, "Processor threads.", TrainingConfig.Builder::threads),
        choice(
            TrainingOption.PRECISION,
            "Numbers of the matrix products",
            labels(Precision.values(), Precision::label),
            (b, s) -> b.precision(Precision.of(s))),
        flag(
            TrainingOption.PLAIN,
            "The plain definition of the models instead of the fast blocks, to settle a doubt.",
            b -> b.plain(true)),
        text(
            TrainingOption.CHECKPOINT_EVERY,
            "WHEN",
            "How often to save what --resume needs: epochs (1), steps (500steps), a time (10m), or"
                + " several of them with commas between.",
            (b, s) -> b.checkpointEvery(CheckpointEvery.parse(s))));
  }

  /**
   * The option as the parser knows it.
   *
   * @param order its place in the help
   */
  OptionSpec spec(int order) {
    List<String> lines = new ArrayList<>();
    String models =
        option.models().stream().map(ModelKind::label).collect(Collectors.joining(", "));
    boolean everyModel = option.models().size() == ModelKind.values().length;
    lines.add((everyModel ? "" : models + ": ") + description);
    if (!label.isEmpty()) {
      lines.add("  Default: " + option.defaultText());
    }
    OptionSpec.Builder builder =
        OptionSpec.builder("--" + option.label())
            .order(order)
            .description(lines.toArray(String[]::new));
    if (label.isEmpty()) {
      return builder.type(boolean.class).arity("0").build();
    }
    builder.type(String.class).arity("1").paramLabel(label);
    return (choices.isEmpty() ? builder : builder.completionCandidates(choices)).build();
  }

  private static TrainingArgument text(
      TrainingOption option,
      String label,
      String description,
      BiConsumer<TrainingConfig.Builder, String> setter) {
    return new TrainingArgument(
        option,
        label,
        description,
        List.of(),
        (builder, text) -> {
          try {
            setter.accept(builder, text);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option.label() + ": " + e.getMessage(), e);
          }
        });
  }

  private static TrainingArgument choice(
      TrainingOption option,
      String description,
      List<String> choices,
      BiConsumer<TrainingConfig.Builder, String> setter) {
    return new TrainingArgument(
        option,
        String.join("|", choices),
        description + ".",
        choices,
        (builder, text) -> {
          if (!choices.contains(text)) {
            throw new IllegalArgumentException(
                option.label()
                    + " is "
                    + text
                    + ", must be one of "
                    + String.join(", ", choices)
                    + Nearest.to(text, choices).map(near -> " (" + near + "?)").orElse(""));
          }
          setter.accept(builder, text);
        });
  }

  private static TrainingArgument flag(
      TrainingOption option, String description, Consumer<TrainingConfig.Builder> setter) {
    return new TrainingArgument(
        option, "", description, List.of(), (builder, text) -> setter.accept(builder));
  }

  private static TrainingArgument integer(
      TrainingOption option,
      String description,
      BiConsumer<TrainingConfig.Builder, Integer> setter) {
    return parsed(option, description, "a whole number", Integer::valueOf, setter);
  }

  private static TrainingArgument longInteger(
      TrainingOption option, String description, BiConsumer<TrainingConfig.Builder, Long> setter) {
    return parsed(option, description, "a whole number", Long::valueOf, setter);
  }

  private static TrainingArgument number(
      TrainingOption option,
      String description,
      BiConsumer<TrainingConfig.Builder, Double> setter) {
    return parsed(option, description, "a number", Double::valueOf, setter);
  }

  private static <T> TrainingArgument parsed(
      TrainingOption option,
      String description,
      String expected,
      Function<String, T> parser,
      BiConsumer<TrainingConfig.Builder, T> setter) {
    return new TrainingArgument(
        option,
        "N",
        description,
        List.of(),
        (builder, text) -> {
          T value;
          try {
            value = parser.apply(text);
          } catch (NumberFormatException e) {
            boolean large = text.matches("[+-]?\\d+");
            throw new IllegalArgumentException(
                option.label()
                    + " is "
                    + text
                    + (large ? ", too large a number" : ", must be " + expected),
                e);
          }
          setter.accept(builder, value);
        });
  }

  private static <T> List<String> labels(T[] values, Function<T, String> label) {
    return Arrays.stream(values).map(label).toList();
  }
}
