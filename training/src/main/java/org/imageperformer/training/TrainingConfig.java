package org.imageperformer.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.imageperformer.datasets.DatasetName;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.imageperformer.tfmodels.models.ModelKind;
import org.imageperformer.training.schedule.LearningRateSchedule;
import org.imageperformer.training.schedule.ScheduleKind;

/**
 * Everything that defines a training: the options of cli.md, "train". Options that the model does
 * not have keep their defaults.
 *
 * @param model which of the four models
 * @param dataset which images
 * @param logPath folder of all experiments
 * @param expName folder of the experiment
 * @param version folder of the run; empty for the next free {@code version_X}
 * @param batchSize images of a step
 * @param embeddingType how a pixel becomes a vector
 * @param learningRate learning rate at the end of the warm-up
 * @param warmup steps of linear growth of the learning rate
 * @param schedule the learning rate after the warm-up
 * @param dim features of a token
 * @param depth blocks
 * @param heads attention heads
 * @param attnDropout dropout after attention, in [0, 1)
 * @param ffDropout dropout inside the feed-forward, in [0, 1)
 * @param featureRedrawInterval steps between new random projections, 0 for never
 * @param noProjection exact softmax attention
 * @param keyStabilizer over which keys the maximum is taken
 * @param posScales RelativePerformer: frequencies of the position encoding
 * @param contentRelAttn RelativePerformer: a second, content-dependent rotation
 * @param clippingDist ClippedRelativePerformer: distances from here on share one embedding
 * @param classTokenPosition ClippedRelativePerformer: where the class token stands
 * @param maxEpochs limit of epochs
 * @param maxSteps limit of steps
 * @param maxTime limit of time, in whole seconds
 * @param patience epochs without a better validation accuracy before training stops
 * @param gradientClipVal largest global norm of the gradients, 0 for no clipping
 * @param valSplit training images split off for validation
 * @param limitTrain training images used, empty for all
 * @param limitVal validation images used, empty for all
 * @param limitTest test images used, empty for all
 * @param imageSize height and width that images are resized to
 * @param seed everything random follows from it
 * @param dataPath where the data lies
 * @param device where the model is computed
 * @param gpuMemoryGrowth take a GPU's memory as it is needed, instead of all of it
 * @param gpus GPUs that share every batch
 * @param threads threads of the computation, empty for all cores
 * @param precision numbers of the matrix products
 * @param plain the plain definition instead of the fast blocks, to settle a doubt
 * @param checkpointEvery how often to save what a resume needs
 */
public record TrainingConfig(
    ModelKind model,
    DatasetName dataset,
    Path logPath,
    String expName,
    Optional<String> version,
    int batchSize,
    EmbeddingType embeddingType,
    double learningRate,
    long warmup,
    ScheduleKind schedule,
    int dim,
    int depth,
    int heads,
    double attnDropout,
    double ffDropout,
    int featureRedrawInterval,
    boolean noProjection,
    KeyStabilizer keyStabilizer,
    int posScales,
    boolean contentRelAttn,
    int clippingDist,
    ClassTokenPosition classTokenPosition,
    int maxEpochs,
    OptionalLong maxSteps,
    Optional<Duration> maxTime,
    int patience,
    double gradientClipVal,
    int valSplit,
    OptionalInt limitTrain,
    OptionalInt limitVal,
    OptionalInt limitTest,
    int imageSize,
    long seed,
    Path dataPath,
    Device device,
    boolean gpuMemoryGrowth,
    int gpus,
    OptionalInt threads,
    Precision precision,
    boolean plain,
    CheckpointEvery checkpointEvery) {

  /** Largest image side that the initial frequencies are laid out for (models.md section 4). */
  private static final int MAX_POS = 32;

  private static final int LARGEST_IMAGE_SIDE = 1024;

  /**
   * Checks everything that can be checked without the data.
   *
   * @throws IllegalArgumentException naming every problem at once
   */
  public TrainingConfig {
    Problems problems = new Problems();
    problems.atLeast(TrainingOption.BATCH_SIZE, batchSize, 1);
    problems.atLeast(TrainingOption.FEATURE_REDRAW_INTERVAL, featureRedrawInterval, 0);
    problems.atLeast(TrainingOption.MAX_EPOCHS, maxEpochs, 1);
    maxSteps.ifPresent(steps -> problems.atLeast(TrainingOption.MAX_STEPS, steps, 1));
    maxTime.ifPresent(time -> problems.atLeast(TrainingOption.MAX_TIME, time.toSeconds(), 1));
    problems.atLeast(TrainingOption.PATIENCE, patience, 1);
    if (!(gradientClipVal >= 0 && gradientClipVal < Double.POSITIVE_INFINITY)) {
      problems.add(
          "gradient_clip_val is " + gradientClipVal + ", must be at least 0 (0: no clipping)");
    }
    problems.atLeast(TrainingOption.VAL_SPLIT, valSplit, 1);
    limitTrain.ifPresent(limit -> problems.atLeast(TrainingOption.LIMIT_TRAIN, limit, 1));
    limitVal.ifPresent(limit -> problems.atLeast(TrainingOption.LIMIT_VAL, limit, 1));
    limitTest.ifPresent(limit -> problems.atLeast(TrainingOption.LIMIT_TEST, limit, 1));
    problems.atLeast(TrainingOption.GPUS, gpus, 1);
    if (gpus > 1 && gpus > batchSize) {
      problems.add("gpus is " + gpus + ", more than the images of a batch, " + batchSize);
    }
    if (gpus > 1 && keyStabilizer == KeyStabilizer.BATCH) {
      problems.add(
          "gpus is "
              + gpus
              + ", must be 1 with key_stabilizer batch, which ties the images of a batch together");
    }
    threads.ifPresent(number -> problems.atLeast(TrainingOption.THREADS, number, 1));
    problems.collect(() -> LearningRateSchedule.of(schedule, learningRate, warmup));
    if (imageSize < 1 || imageSize > LARGEST_IMAGE_SIDE) {
      problems.add("image_size is " + imageSize + ", must be between 1 and " + LARGEST_IMAGE_SIDE);
    } else {
      problems.collect(
          () ->
              new ModelConfig(
                  model,
                  imageSize,
                  imageSize,
                  dataset.channels(),
                  dataset.classNames().size(),
                  embeddingType,
                  dim,
                  depth,
                  heads,
                  attnDropout,
                  ffDropout,
                  noProjection,
                  keyStabilizer,
                  MAX_POS,
                  posScales,
                  contentRelAttn,
                  clippingDist,
                  classTokenPosition));
    }
    problems.refuse();
  }

  /** The function that the model computes. */
  public ModelConfig modelConfig() {
    return new ModelConfig(
        model,
        imageSize,
        imageSize,
        dataset.channels(),
        dataset.classNames().size(),
        embeddingType,
        dim,
        depth,
        heads,
        attnDropout,
        ffDropout,
        noProjection,
        keyStabilizer,
        MAX_POS,
        posScales,
        contentRelAttn,
        clippingDist,
        classTokenPosition);
  }

  /** The learning rate of each step. */
  public LearningRateSchedule learningRateSchedule() {
    return LearningRateSchedule.of(schedule, learningRate, warmup);
  }

  /**
   * The options that the model has, by their names in hparams.json and in the order of cli.md;
   * model and dataset first. What is not set is null.
   */
  public Map<String, Object> options() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("model", model.label());
    all.put("dataset", dataset.label());
    put(all, TrainingOption.LOG_PATH, logPath.toString());
    put(all, TrainingOption.EXP_NAME, expName);
    put(all, TrainingOption.VERSION, version.orElse(null));
    put(all, TrainingOption.BATCH_SIZE, batchSize);
    put(all, TrainingOption.EMBEDDING_TYPE, embeddingType.label());
    put(all, TrainingOption.LEARNING_RATE, learningRate);
    put(all, TrainingOption.WARMUP, warmup);
    put(all, TrainingOption.SCHEDULE, schedule.label());
    put(all, TrainingOption.DIM, dim);
    put(all, TrainingOption.DEPTH, depth);
    put(all, TrainingOption.HEADS, heads);
    put(all, TrainingOption.ATTN_DROPOUT, attnDropout);
    put(all, TrainingOption.FF_DROPOUT, ffDropout);
    put(all, TrainingOption.FEATURE_REDRAW_INTERVAL, featureRedrawInterval);
    put(all, TrainingOption.NO_PROJECTION, noProjection);
    put(all, TrainingOption.KEY_STABILIZER, keyStabilizer.label());
    put(all, TrainingOption.POS_SCALES, posScales);
    put(all, TrainingOption.CONTENT_REL_ATTN, contentRelAttn);
    put(all, TrainingOption.CLIPPING_DIST, clippingDist);
    put(all, TrainingOption.CLASS_TOKEN_POSITION, classTokenPosition.label());
    put(all, TrainingOption.MAX_EPOCHS, maxEpochs);
    put(all, TrainingOption.MAX_STEPS, maxSteps.isPresent() ? (Long) maxSteps.getAsLong() : null);
    put(all, TrainingOption.MAX_TIME, maxTime.map(DurationText::format).orElse(null));
    put(all, TrainingOption.PATIENCE, patience);
    put(all, TrainingOption.GRADIENT_CLIP_VAL, gradientClipVal);
    put(all, TrainingOption.VAL_SPLIT, valSplit);
    put(all, TrainingOption.LIMIT_TRAIN, orNull(limitTrain));
    put(all, TrainingOption.LIMIT_VAL, orNull(limitVal));
    put(all, TrainingOption.LIMIT_TEST, orNull(limitTest));
    put(all, TrainingOption.IMAGE_SIZE, imageSize);
    put(all, TrainingOption.SEED, seed);
    put(all, TrainingOption.DATA_PATH, dataPath.toString());
    put(all, TrainingOption.DEVICE, device.label());
    put(all, TrainingOption.GPU_MEMORY_GROWTH, gpuMemoryGrowth);
    put(all, TrainingOption.GPUS, gpus);
    put(all, TrainingOption.THREADS, orNull(threads));
    put(all, TrainingOption.PRECISION, precision.label());
    put(all, TrainingOption.PLAIN, plain);
    put(all, TrainingOption.CHECKPOINT_EVERY, checkpointEvery.toString());
    return all;
  }

  private void put(Map<String, Object> all, TrainingOption option, Object value) {
    if (option.belongsTo(model)) {
      all.put(option.label(), value);
    }
  }

  private static Integer orNull(OptionalInt value) {
    return value.isPresent() ? (Integer) value.getAsInt() : null;
  }

  /**
   * What hparams.json holds: the {@link #options}, and what the run found.
   *
   * @param parameters trainable parameters of the model
   * @param sources the files that the data was read from
   * @param provenance with what the run is made
   */
  public HParams toHParams(long parameters, List<SourceFile> sources, Provenance provenance) {
    ModelConfig built = modelConfig();
    Map<String, Object> all = options();
    all.put("in_features", built.channels());
    all.put("num_classes", built.numClasses());
    all.put("max_pos", built.maxPos());
    all.put("n_parameters", parameters);
    all.putAll(provenance.asMap());
    for (SourceFile source : sources) {
      all.put(DATA_PREFIX + source.name(), source.md5());
    }
    return HParams.of(all);
  }

  /** Before the name of a file of the data, where hparams.json holds its MD5. */
  public static final String DATA_PREFIX = "data/";

  /**
   * Reads what {@link #toHParams} made. What is missing has its default, as in runs made by other
   * means; only model and dataset must be there.
   *
   * @throws org.imageperformer.savedmodels.RunException for a value of the wrong type
   * @throws IllegalArgumentException naming every problem of the values at once
   */
  public static TrainingConfig fromHParams(HParams hparams) {
    Problems problems = new Problems();
    ModelKind model = problems.read(hparams.string("model"), ModelKind::of).orElse(null);
    DatasetName dataset = problems.read(hparams.string("dataset"), DatasetName::of).orElse(null);
    if (model == null || dataset == null) {
      problems.refuse();
    }
    Builder builder = new Builder(model, dataset);
    Reader reader = new Reader(hparams, model, problems);
    reader.text(TrainingOption.LOG_PATH, Path::of, builder::logPath);
    reader.text(TrainingOption.EXP_NAME, text -> text, builder::expName);
    reader.text(TrainingOption.VERSION, text -> text, builder::version);
    reader.integer(TrainingOption.BATCH_SIZE, builder::batchSize);
    reader.text(TrainingOption.EMBEDDING_TYPE, EmbeddingType::of, builder::embeddingType);
    reader.number(TrainingOption.LEARNING_RATE, builder::learningRate);
    reader.longInteger(TrainingOption.WARMUP, builder::warmup);
    reader.text(TrainingOption.SCHEDULE, ScheduleKind::of, builder::schedule);
    reader.integer(TrainingOption.DIM, builder::dim);
    reader.integer(TrainingOption.DEPTH, builder::depth);
    reader.integer(TrainingOption.HEADS, builder::heads);
    reader.number(TrainingOption.ATTN_DROPOUT, builder::attnDropout);
    reader.number(TrainingOption.FF_DROPOUT, builder::ffDropout);
    reader.integer(TrainingOption.FEATURE_REDRAW_INTERVAL, builder::featureRedrawInterval);
    reader.flag(TrainingOption.NO_PROJECTION, builder::noProjection);
    reader.text(TrainingOption.KEY_STABILIZER, KeyStabilizer::of, builder::keyStabilizer);
    reader.integer(TrainingOption.POS_SCALES, builder::posScales);
    reader.flag(TrainingOption.CONTENT_REL_ATTN, builder::contentRelAttn);
    reader.integer(TrainingOption.CLIPPING_DIST, builder::clippingDist);
    reader.text(
        TrainingOption.CLASS_TOKEN_POSITION, ClassTokenPosition::of, builder::classTokenPosition);
    reader.integer(TrainingOption.MAX_EPOCHS, builder::maxEpochs);
    reader.longInteger(TrainingOption.MAX_STEPS, builder::maxSteps);
    reader.text(TrainingOption.MAX_TIME, DurationText::parse, builder::maxTime);
    reader.integer(TrainingOption.PATIENCE, builder::patience);
    reader.number(TrainingOption.GRADIENT_CLIP_VAL, builder::gradientClipVal);
    reader.integer(TrainingOption.VAL_SPLIT, builder::valSplit);
    reader.integer(TrainingOption.LIMIT_TRAIN, builder::limitTrain);
    reader.integer(TrainingOption.LIMIT_VAL, builder::limitVal);
    reader.integer(TrainingOption.LIMIT_TEST, builder::limitTest);
    reader.integer(TrainingOption.IMAGE_SIZE, builder::imageSize);
    reader.longInteger(TrainingOption.SEED, builder::seed);
    reader.text(TrainingOption.DATA_PATH, Path::of, builder::dataPath);
    reader.text(TrainingOption.DEVICE, Device::of, builder::device);
    reader.flag(TrainingOption.GPU_MEMORY_GROWTH, builder::gpuMemoryGrowth);
    reader.integer(TrainingOption.GPUS, builder::gpus);
    reader.integer(TrainingOption.THREADS, builder::threads);
    reader.text(TrainingOption.PRECISION, Precision::of, builder::precision);
    reader.flag(TrainingOption.PLAIN, builder::plain);
    reader.text(TrainingOption.CHECKPOINT_EVERY, CheckpointEvery::parse, builder::checkpointEvery);
    problems.collect(builder::build);
    problems.refuse();
    return builder.build();
  }

  /** Hands the values that are there to a builder. */
  private record Reader(HParams hparams, ModelKind model, Problems problems) {

    <T> void text(TrainingOption option, Function<String, T> parser, Consumer<T> setter) {
      if (option.belongsTo(model)) {
        hparams
            .findString(option.label())
            .flatMap(text -> problems.read(text, parser))
            .ifPresent(setter);
      }
    }

    void integer(TrainingOption option, Consumer<Integer> setter) {
      if (option.belongsTo(model)) {
        hparams.findInteger(option.label()).ifPresent(setter);
      }
    }

    void longInteger(TrainingOption option, Consumer<Long> setter) {
      if (option.belongsTo(model)) {
        hparams.findLongInteger(option.label()).ifPresent(setter);
      }
    }

    void number(TrainingOption option, Consumer<Double> setter) {
      if (option.belongsTo(model)) {
        hparams.findNumber(option.label()).ifPresent(setter);
      }
    }

    void flag(TrainingOption option, Consumer<Boolean> setter) {
      if (option.belongsTo(model)) {
        hparams.findBool(option.label()).ifPresent(setter);
      }
    }
  }

  /** Gathers problems, so that a user sees all of them at once. */
  private static final class Problems {
    private final List<String> messages = new ArrayList<>();

    void add(String message) {
      messages.add(message);
    }

    void atLeast(TrainingOption option, long value, long least) {
      if (value < least) {
        add(option.label() + " is " + value + ", must be at least " + least);
      }
    }

    void collect(Runnable check) {
      try {
        check.run();
      } catch (IllegalArgumentException e) {
        add(e.getMessage());
      }
    }

    <T> Optional<T> read(String text, Function<String, T> parser) {
      try {
        return Optional.of(parser.apply(text));
      } catch (IllegalArgumentException e) {
        add(e.getMessage());
        return Optional.empty();
      }
    }

    void refuse() {
      if (!messages.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", messages));
      }
    }
  }

  /**
   * A configuration with every option at its default; the seed is random.
   *
   * @param model which of the four models
   * @param dataset which images
   */
  public static Builder builder(ModelKind model, DatasetName dataset) {
    return new Builder(model, dataset);
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    Builder builder = new Builder(model, dataset);
    builder.logPath = logPath;
    builder.expName = expName;
    builder.version = version;
    builder.batchSize = batchSize;
    builder.embeddingType = embeddingType;
    builder.learningRate = learningRate;
    builder.warmup = warmup;
    builder.schedule = schedule;
    builder.dim = dim;
    builder.depth = depth;
    builder.heads = heads;
    builder.attnDropout = attnDropout;
    builder.ffDropout = ffDropout;
    builder.featureRedrawInterval = featureRedrawInterval;
    builder.noProjection = noProjection;
    builder.keyStabilizer = keyStabilizer;
    builder.posScales = posScales;
    builder.contentRelAttn = contentRelAttn;
    builder.clippingDist = clippingDist;
    builder.classTokenPosition = classTokenPosition;
    builder.maxEpochs = maxEpochs;
    builder.maxSteps = maxSteps;
    builder.maxTime = maxTime;
    builder.patience = patience;
    builder.gradientClipVal = gradientClipVal;
    builder.valSplit = valSplit;
    builder.limitTrain = limitTrain;
    builder.limitVal = limitVal;
    builder.limitTest = limitTest;
    builder.imageSize = imageSize;
    builder.seed = seed;
    builder.dataPath = dataPath;
    builder.device = device;
    builder.gpuMemoryGrowth = gpuMemoryGrowth;
    builder.gpus = gpus;
    builder.threads = threads;
    builder.precision = precision;
    builder.plain = plain;
    builder.checkpointEvery = checkpointEvery;
    return builder;
  }

  /** Sets options one by one; see {@link TrainingConfig} for their meaning. */
  public static final class Builder {
    private final ModelKind model;
    private final DatasetName dataset;
    private final List<TrainingOption> foreign = new ArrayList<>();
    private Path logPath = Path.of("runs");
    private String expName = "default";
    private Optional<String> version = Optional.empty();
    private int batchSize = 16;
    private EmbeddingType embeddingType = EmbeddingType.LINEAR;
    private double learningRate = 0.001;
    private long warmup = 0;
    private ScheduleKind schedule = ScheduleKind.CONSTANT;
    private int dim = 128;
    private int depth = 4;
    private int heads = 4;
    private double attnDropout = 0.1;
    private double ffDropout = 0.1;
    private int featureRedrawInterval = 1000;
    private boolean noProjection = false;
    private KeyStabilizer keyStabilizer = KeyStabilizer.EXAMPLE;
    private int posScales = 4;
    private boolean contentRelAttn = false;
    private int clippingDist = 8;
    private ClassTokenPosition classTokenPosition = ClassTokenPosition.CORNER;
    private int maxEpochs = 1000;
    private OptionalLong maxSteps = OptionalLong.empty();
    private Optional<Duration> maxTime = Optional.empty();
    private int patience = 20;
    private double gradientClipVal = 0.5;
    private int valSplit;
    private OptionalInt limitTrain = OptionalInt.empty();
    private OptionalInt limitVal = OptionalInt.empty();
    private OptionalInt limitTest = OptionalInt.empty();
    private int imageSize = 32;
    private long seed;
    private Path dataPath = Path.of("data");
    private Device device = Device.AUTO;
    private boolean gpuMemoryGrowth = true;
    private int gpus = 1;
    private OptionalInt threads = OptionalInt.empty();
    private Precision precision = Precision.FP32;
    private boolean plain;
    private CheckpointEvery checkpointEvery = CheckpointEvery.DEFAULT;

    private Builder(ModelKind model, DatasetName dataset) {
      this.model = model;
      this.dataset = dataset;
      valSplit = dataset.defaultValidation();
      // Not negative and short, so that a person can copy it.
      seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    }

    /** Folder of all experiments. */
    public Builder logPath(Path value) {
      logPath = value;
      return set(TrainingOption.LOG_PATH);
    }

    /** Folder of the experiment. */
    public Builder expName(String value) {
      expName = value;
      return set(TrainingOption.EXP_NAME);
    }

    /** Folder of the run. */
    public Builder version(String value) {
      version = Optional.of(value);
      return set(TrainingOption.VERSION);
    }

    /** Images of a step. */
    public Builder batchSize(int value) {
      batchSize = value;
      return set(TrainingOption.BATCH_SIZE);
    }

    /** How a pixel becomes a vector. */
    public Builder embeddingType(EmbeddingType value) {
      embeddingType = value;
      return set(TrainingOption.EMBEDDING_TYPE);
    }

    /** Learning rate at the end of the warm-up. */
    public Builder learningRate(double value) {
      learningRate = value;
      return set(TrainingOption.LEARNING_RATE);
    }

    /** Steps of linear growth of the learning rate. */
    public Builder warmup(long value) {
      warmup = value;
      return set(TrainingOption.WARMUP);
    }

    /** The learning rate after the warm-up. */
    public Builder schedule(ScheduleKind value) {
      schedule = value;
      return set(TrainingOption.SCHEDULE);
    }

    /** Features of a token. */
    public Builder dim(int value) {
      dim = value;
      return set(TrainingOption.DIM);
    }

    /** Blocks. */
    public Builder depth(int value) {
      depth = value;
      return set(TrainingOption.DEPTH);
    }

    /** Attention heads. */
    public Builder heads(int value) {
      heads = value;
      return set(TrainingOption.HEADS);
    }

    /** Dropout after attention, in [0, 1). */
    public Builder attnDropout(double value) {
      attnDropout = value;
      return set(TrainingOption.ATTN_DROPOUT);
    }

    /** Dropout inside the feed-forward, in [0, 1). */
    public Builder ffDropout(double value) {
      ffDropout = value;
      return set(TrainingOption.FF_DROPOUT);
    }

    /** Steps between new random projections, 0 for never. */
    public Builder featureRedrawInterval(int value) {
      featureRedrawInterval = value;
      return set(TrainingOption.FEATURE_REDRAW_INTERVAL);
    }

    /** Exact softmax attention. */
    public Builder noProjection(boolean value) {
      noProjection = value;
      return set(TrainingOption.NO_PROJECTION);
    }

    /** Over which keys the maximum is taken. */
    public Builder keyStabilizer(KeyStabilizer value) {
      keyStabilizer = value;
      return set(TrainingOption.KEY_STABILIZER);
    }

    /** RelativePerformer: frequencies of the position encoding. */
    public Builder posScales(int value) {
      posScales = value;
      return set(TrainingOption.POS_SCALES);
    }

    /** RelativePerformer: a second, content-dependent rotation. */
    public Builder contentRelAttn(boolean value) {
      contentRelAttn = value;
      return set(TrainingOption.CONTENT_REL_ATTN);
    }

    /** ClippedRelativePerformer: distances from here on share one embedding. */
    public Builder clippingDist(int value) {
      clippingDist = value;
      return set(TrainingOption.CLIPPING_DIST);
    }

    /** ClippedRelativePerformer: where the class token stands. */
    public Builder classTokenPosition(ClassTokenPosition value) {
      classTokenPosition = value;
      return set(TrainingOption.CLASS_TOKEN_POSITION);
    }

    /** Limit of epochs. */
    public Builder maxEpochs(int value) {
      maxEpochs = value;
      return set(TrainingOption.MAX_EPOCHS);
    }

    /** Limit of steps. */
    public Builder maxSteps(long value) {
      maxSteps = OptionalLong.of(value);
      return set(TrainingOption.MAX_STEPS);
    }

    /** Limit of time, in whole seconds. */
    public Builder maxTime(Duration value) {
      maxTime = Optional.of(value);
      return set(TrainingOption.MAX_TIME);
    }

    /** No limit of time. */
    public Builder withoutMaxTime() {
      maxTime = Optional.empty();
      return this;
    }

    /** Epochs without a better validation accuracy before training stops. */
    public Builder patience(int value) {
      patience = value;
      return set(TrainingOption.PATIENCE);
    }

    /** Largest global norm of the gradients, 0 for no clipping. */
    public Builder gradientClipVal(double value) {
      gradientClipVal = value;
      return set(TrainingOption.GRADIENT_CLIP_VAL);
    }

    /** Training images split off for validation. */
    public Builder valSplit(int value) {
      valSplit = value;
      return set(TrainingOption.VAL_SPLIT);
    }

    /** Training images used. */
    public Builder limitTrain(int value) {
      limitTrain = OptionalInt.of(value);
      return set(TrainingOption.LIMIT_TRAIN);
    }

    /** Validation images used. */
    public Builder limitVal(int value) {
      limitVal = OptionalInt.of(value);
      return set(TrainingOption.LIMIT_VAL);
    }

    /** Test images used. */
    public Builder limitTest(int value) {
      limitTest = OptionalInt.of(value);
      return set(TrainingOption.LIMIT_TEST);
    }

    /** Height and width that images are resized to. */
    public Builder imageSize(int value) {
      imageSize = value;
      return set(TrainingOption.IMAGE_SIZE);
    }

    /** Everything random follows from it. */
    public Builder seed(long value) {
      seed = value;
      return set(TrainingOption.SEED);
    }

    /** Where the data lies. */
    public Builder dataPath(Path value) {
      dataPath = value;
      return set(TrainingOption.DATA_PATH);
    }

    /** Where the model is computed. */
    public Builder device(Device value) {
      device = value;
      return set(TrainingOption.DEVICE);
    }

    /** A GPU's memory as it is needed, instead of all of it. */
    public Builder gpuMemoryGrowth(boolean value) {
      gpuMemoryGrowth = value;
      return set(TrainingOption.GPU_MEMORY_GROWTH);
    }

    /** GPUs that share every batch. */
    public Builder gpus(int value) {
      gpus = value;
      return set(TrainingOption.GPUS);
    }

    /** Threads of the computation. */
    public Builder threads(int value) {
      threads = OptionalInt.of(value);
      return set(TrainingOption.THREADS);
    }

    /** Numbers of the matrix products. */
    public Builder precision(Precision value) {
      precision = value;
      return set(TrainingOption.PRECISION);
    }

    /** The plain definition instead of the fast blocks. */
    public Builder plain(boolean value) {
      plain = value;
      return set(TrainingOption.PLAIN);
    }

    /** How often to save what a resume needs. */
    public Builder checkpointEvery(CheckpointEvery value) {
      checkpointEvery = value;
      return set(TrainingOption.CHECKPOINT_EVERY);
    }

    private Builder set(TrainingOption option) {
      if (!option.belongsTo(model) && !foreign.contains(option)) {
        foreign.add(option);
      }
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming every problem at once, options that the model does
     *     not have among them
     */
    public TrainingConfig build() {
      Problems problems = new Problems();
      for (TrainingOption option : foreign) {
        String models =
            option.models().stream().map(ModelKind::label).collect(Collectors.joining(", "));
        problems.add(option.label() + " is an option of " + models + ", not of " + model.label());
      }
      List<TrainingConfig> built = new ArrayList<>();
      problems.collect(() -> built.add(create()));
      problems.refuse();
      return built.get(0);
    }

    private TrainingConfig create() {
      return new TrainingConfig(
          model,
          dataset,
          logPath,
          expName,
          version,
          batchSize,
          embeddingType,
          learningRate,
          warmup,
          schedule,
          dim,
          depth,
          heads,
          attnDropout,
          ffDropout,
          featureRedrawInterval,
          noProjection,
          keyStabilizer,
          posScales,
          contentRelAttn,
          clippingDist,
          classTokenPosition,
          maxEpochs,
          maxSteps,
          maxTime,
          patience,
          gradientClipVal,
          valSplit,
          limitTrain,
          limitVal,
          limitTest,
          imageSize,
          seed,
          dataPath,
          device,
          gpuMemoryGrowth,
          gpus,
          threads,
          precision,
          plain,
          checkpointEvery);
    }
  }
}
