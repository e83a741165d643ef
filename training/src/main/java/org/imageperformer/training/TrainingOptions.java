package org.imageperformer.training;

import static org.imageperformer.options.Affects.DATA;
import static org.imageperformer.options.Affects.LIMIT;
import static org.imageperformer.options.Affects.MACHINE;
import static org.imageperformer.options.Affects.NAME;
import static org.imageperformer.options.Affects.TRAINING;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.imageperformer.training.schedule.Schedule;

/** The options that every training has, whatever its model (cli.md, "train"). */
public final class TrainingOptions {
  private static final int LARGEST_IMAGE_SIDE = 1024;

  public static final Option<Path> LOG_PATH =
      Option.path("log_path", Path.of("runs")).affects(NAME).help("Folder of all experiments.");
  public static final Option<String> EXP_NAME =
      Option.text("exp_name", "default").affects(NAME).help("Experiment, a folder in it.");
  public static final Option<String> VERSION =
      Option.text("version", null)
          .standardText("next free version_X")
          .affects(NAME)
          .help("Run, a folder in that.");
  public static final Option<Integer> BATCH_SIZE =
      Option.integer("batch_size", 16)
          .atLeast(1)
          .affects(TRAINING)
          .speed()
          .help("Images of a step.");
  public static final Option<Double> LEARNING_RATE =
      Option.number("learning_rate", 0.001)
          .alias("lr")
          .affects(TRAINING)
          .help("Learning rate, after the warm-up.");
  public static final Option<Long> WARMUP =
      Option.longInteger("warmup", 0L)
          .affects(TRAINING)
          .help("Steps in which the learning rate grows from 0.");
  public static final Option<String> SCHEDULE =
      Option.oneOf("schedule", "constant", () -> Schedule.registry().names())
          .alias("scheduler")
          .synonym("constants", "constant")
          .affects(TRAINING)
          .help("The learning rate after the warm-up.");
  public static final Option<List<Integer>> SCHED_DECAY_STEPS =
      Option.integers("sched_decay_steps", List.of(400))
          .affects(TRAINING)
          .help("Epochs, from 0, at whose beginning schedule multistep lowers the rate.");
  public static final Option<Double> SCHED_DECAY_FACTOR =
      Option.number("sched_decay_factor", 1.0)
          .affects(TRAINING)
          .help("What schedule multistep divides it by.");
  public static final Option<String> OPTIMIZER =
      Option.oneOf("optimizer", "adam", () -> UpdateRule.registry().names())
          .affects(TRAINING)
          .speed()
          .help("The rule by which gradients move weights.");
  public static final Option<List<Double>> ADAM_BETAS =
      Option.numbers("adam_betas", UpdateParameters.DEFAULT.adamBetas())
          .affects(TRAINING)
          .help("Decay rates of Adam's two moments.");
  public static final Option<Double> OPTIMIZER_MOMENTUM =
      Option.number("optimizer_momentum", UpdateParameters.DEFAULT.momentum())
          .affects(TRAINING)
          .help("Momentum of SGD.");
  public static final Option<Double> WEIGHT_DECAY =
      Option.number("weight_decay", UpdateParameters.DEFAULT.weightDecay())
          .affects(TRAINING)
          .help("Factor of the weights that is added to their gradients (L2).");
  public static final Option<Integer> MAX_EPOCHS =
      Option.integer("max_epochs", 1000)
          .alias("epochs")
          .atLeast(1)
          .affects(LIMIT)
          .help("Stop after so many epochs.");
  public static final Option<Long> MAX_STEPS =
      Option.longInteger("max_steps", null)
          .atLeast(1)
          .affects(LIMIT)
          .help("Stop after so many steps.");
  public static final Option<Duration> MAX_TIME =
      Option.parsed("max_time", DurationText::parse, null)
          .formatted(DurationText::format)
          .label("TIME")
          .check(
              time -> time.toSeconds() >= 1,
              time -> "max_time is " + time.toSeconds() + ", must be at least 1")
          .affects(LIMIT)
          .help("Stop after this time, such as 90s, 30m or 1h30m.");
  public static final Option<Integer> PATIENCE =
      Option.integer("patience", 20)
          .atLeast(1)
          .affects(LIMIT)
          .help("Stop after so many epochs without a better val/acc.");
  public static final Option<Double> GRADIENT_CLIP_VAL =
      Option.number("gradient_clip_val", 0.5)
          .check(
              value -> value >= 0 && value < Double.POSITIVE_INFINITY,
              value -> "gradient_clip_val is " + value + ", must be at least 0 (0: no clipping)")
          .affects(TRAINING)
          .help("Largest global norm of the gradients, 0 for no clipping.");
  public static final Option<Integer> VAL_SPLIT =
      Option.integer("val_split", 5000)
          .standardText("5000, of samples 500")
          .atLeast(1)
          .affects(DATA)
          .help("Training images split off for validation.");
  public static final Option<Integer> LIMIT_TRAIN =
      limit("limit_train").help("Use so many training images only.");
  public static final Option<Integer> LIMIT_VAL =
      limit("limit_val").help("Use so many validation images only.");
  public static final Option<Integer> LIMIT_TEST =
      limit("limit_test").changeable().help("Use so many test images only.");
  public static final Option<Integer> IMAGE_SIZE =
      Option.integer("image_size", 32)
          .check(
              size -> size >= 1 && size <= LARGEST_IMAGE_SIDE,
              size -> "image_size is " + size + ", must be between 1 and " + LARGEST_IMAGE_SIDE)
          .affects(DATA)
          .speed()
          .help("Rows and columns that images are resized to.");

  /** Not negative and short when it is drawn, so that a person can copy it. */
  public static final Option<Long> SEED =
      Option.longInteger("seed", null)
          .drawn(() -> (long) ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE), "random")
          .affects(TRAINING)
          .help("Everything random follows from it.");

  public static final Option<Path> DATA_PATH =
      Option.path("data_path", Path.of("data"))
          .affects(DATA)
          .changeable()
          .help("Folder of the data sets; what is missing is downloaded into it.");
  public static final Option<Device> DEVICE =
      Option.choice("device", Device.AUTO)
          .synonym("cuda", "gpu")
          .affects(MACHINE)
          .speed()
          .help("Where the model is computed.");
  public static final Option<Boolean> GPU_MEMORY_GROWTH =
      Option.bool("gpu_memory_growth", true)
          .affects(MACHINE)
          .speed()
          .help("Take a GPU's memory as it is needed, instead of all of it.");
  public static final Option<Integer> GPUS =
      Option.integer("gpus", 1)
          .atLeast(1)
          .affects(MACHINE)
          .speed()
          .help("GPUs that share every batch.");
  public static final Option<Integer> THREADS =
      Option.integer("threads", null)
          .standardText("all cores")
          .atLeast(1)
          .affects(MACHINE)
          .speed()
          .help("Processor threads.");
  public static final Option<Precision> PRECISION =
      Option.choice("precision", Precision.FP32)
          .affects(TRAINING)
          .speed()
          .help("Numbers of the matrix products.");
  public static final Option<Boolean> PLAIN =
      Option.flag("plain")
          .affects(TRAINING)
          .speed()
          .help(
              "The plain definition of the models instead of the fast blocks, to settle a doubt.");
  public static final Option<CheckpointEvery> CHECKPOINT_EVERY =
      Option.parsed("checkpoint_every", CheckpointEvery::parse, CheckpointEvery.DEFAULT)
          .label("WHEN")
          .affects(MACHINE)
          .help(
              "How often to save what --resume needs: epochs (1), steps (500steps), a time (10m), or"
                  + " several of them with commas between.");

  private static final OptionSet FIRST =
      OptionSet.of(
          LOG_PATH,
          EXP_NAME,
          VERSION,
          BATCH_SIZE,
          LEARNING_RATE,
          WARMUP,
          SCHEDULE,
          SCHED_DECAY_STEPS,
          SCHED_DECAY_FACTOR,
          OPTIMIZER,
          ADAM_BETAS,
          OPTIMIZER_MOMENTUM,
          WEIGHT_DECAY);
  private static final OptionSet LAST =
      OptionSet.of(
          MAX_EPOCHS,
          MAX_STEPS,
          MAX_TIME,
          PATIENCE,
          GRADIENT_CLIP_VAL,
          VAL_SPLIT,
          LIMIT_TRAIN,
          LIMIT_VAL,
          LIMIT_TEST,
          IMAGE_SIZE,
          SEED,
          DATA_PATH,
          DEVICE,
          GPU_MEMORY_GROWTH,
          GPUS,
          THREADS,
          PRECISION,
          PLAIN,
          CHECKPOINT_EVERY);

  private TrainingOptions() {}

  private static Option<Integer> limit(String name) {
    return Option.integer(name, null).standardText("all").atLeast(1).affects(DATA);
  }

  /** These options with those of a model between them, in the order of help and files. */
  public static OptionSet around(OptionSet model) {
    return FIRST.plus(model).plus(LAST);
  }
}
