package org.imageperformer.training;

import static org.imageperformer.training.TrainingOptions.ADAM_BETAS;
import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.GPUS;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;
import static org.imageperformer.training.TrainingOptions.LEARNING_RATE;
import static org.imageperformer.training.TrainingOptions.LIMIT_TRAIN;
import static org.imageperformer.training.TrainingOptions.MAX_EPOCHS;
import static org.imageperformer.training.TrainingOptions.OPTIMIZER;
import static org.imageperformer.training.TrainingOptions.OPTIMIZER_MOMENTUM;
import static org.imageperformer.training.TrainingOptions.SCHEDULE;
import static org.imageperformer.training.TrainingOptions.SCHED_DECAY_FACTOR;
import static org.imageperformer.training.TrainingOptions.SCHED_DECAY_STEPS;
import static org.imageperformer.training.TrainingOptions.WARMUP;
import static org.imageperformer.training.TrainingOptions.WEIGHT_DECAY;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.tfmodels.models.ModelOutline;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.imageperformer.training.schedule.LearningRateSchedule;
import org.imageperformer.training.schedule.Schedule;
import org.imageperformer.training.schedule.ScheduleParameters;

/**
 * Everything that defines a training: a model, a data set, and a value for each of the options that
 * every training has ({@link TrainingOptions}) and that the model has. Immutable.
 */
public final class TrainingConfig {
  /** Before the name of a file of the data, where hparams.json holds its MD5. */
  public static final String DATA_PREFIX = "data/";

  /** In place of the number of training images, which is known once they are read. */
  private static final long MANY_IMAGES = Integer.MAX_VALUE;

  private final DatasetInfo dataset;
  private final Options options;
  private final ModelSpec spec;
  private final ModelOutline outline;

  private TrainingConfig(
      DatasetInfo dataset, Options options, ModelSpec spec, ModelOutline outline) {
    this.dataset = dataset;
    this.options = options;
    this.spec = spec;
    this.outline = outline;
  }

  /** What hparams.json holds beside options, provenance and the data's checksums. */
  private static final Set<String> NOT_OPTIONS =
      Set.of("model", "dataset", "in_features", "num_classes", "n_parameters", "imported_from");

  /** The options of a training of a model, with the model's own defaults. */
  public static OptionSet options(ModelFamily family, String model) {
    return TrainingOptions.around(family.options(model)).withDefaults(family.defaults(model, ""));
  }

  /** The same, with what the model or the training has as defaults on a data set. */
  private static OptionSet options(ModelFamily family, String model, DatasetInfo dataset) {
    return TrainingOptions.around(family.options(model))
        .plus(Datasets.options(dataset.name()))
        .withDefaults(dataset.defaults())
        .withDefaults(family.defaults(model, dataset.name()));
  }

  /** The name of the model. */
  public String model() {
    return spec.model();
  }

  /** Which images. */
  public DatasetInfo dataset() {
    return dataset;
  }

  /**
   * The value of an option.
   *
   * @throws IllegalArgumentException if the training has none
   */
  public <T> T get(Option<T> option) {
    return options.get(option);
  }

  /** The value of an option; empty if it has none, or the model does not have the option. */
  public <T> Optional<T> find(Option<T> option) {
    return options.find(option);
  }

  /** The function that the model computes. */
  public ModelSpec spec() {
    return spec;
  }

  /** What is to be known of the model. */
  public ModelOutline outline() {
    return outline;
  }

  /**
   * The learning rate of each step.
   *
   * @param images of the training set
   */
  public LearningRateSchedule learningRateSchedule(long images) {
    long size = get(BATCH_SIZE);
    long left = images % size;
    // What joins another batch makes no step.
    return schedule(options, left < outline.traits().fewestImages() ? images - left : images);
  }

  /**
   * The batches of an epoch.
   *
   * @param images of the training set
   * @throws IllegalArgumentException if the model cannot be trained on so few
   */
  EpochBatches batches(int images) {
    return new EpochBatches(images, get(BATCH_SIZE), outline.traits().fewestImages());
  }

  private static LearningRateSchedule schedule(Options options, long images) {
    return Schedule.of(
        options.get(SCHEDULE),
        new ScheduleParameters(
            options.get(LEARNING_RATE),
            options.get(WARMUP),
            images,
            Math.max(1, options.get(BATCH_SIZE)),
            options.get(MAX_EPOCHS),
            options.get(SCHED_DECAY_STEPS).stream().map(Integer::longValue).toList(),
            options.get(SCHED_DECAY_FACTOR)));
  }

  /** The rule by which gradients move weights. */
  public UpdateRule updateRule() {
    return UpdateRule.registry().get(get(OPTIMIZER));
  }

  /** The numbers of {@link #updateRule}. */
  public UpdateParameters updateParameters() {
    return updateParameters(options);
  }

  private static UpdateParameters updateParameters(Options options) {
    return new UpdateParameters(
        options.get(ADAM_BETAS),
        UpdateParameters.DEFAULT.adamEpsilon(),
        options.get(OPTIMIZER_MOMENTUM),
        options.get(WEIGHT_DECAY));
  }

  /**
   * Model, data set and the options that users know, as hparams.json has them; null for what is not
   * set.
   */
  public Map<String, Object> plainOptions() {
    Map<String, Object> all = named();
    Map<String, Object> plain = options.toPlain();
    rows(false).forEach(row -> all.put(row.name(), plain.get(row.name())));
    return all;
  }

  private Map<String, Object> named() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("model", model());
    all.put("dataset", dataset.name());
    all.putAll(dataset.kept());
    return all;
  }

  private List<Option<?>> rows(boolean hidden) {
    return options.set().rows().stream().filter(row -> row.isHidden() == hidden).toList();
  }

  /**
   * The names among {@link #plainOptions} of which another value means another trained model: what
   * a run and a SavedModel of it must agree in.
   */
  public Set<String> definingOptions() {
    Set<String> names = new LinkedHashSet<>(named().keySet());
    rows(false).stream()
        .filter(row -> row.affects() != Affects.NAME && !row.isChangeable())
        .forEach(row -> names.add(row.name()));
    return names;
  }

  /**
   * Model, data set and all options that decide what is trained and for how long, as texts by name:
   * what the processes of one training must agree in.
   */
  public Map<String, String> sharedOptions() {
    Map<String, String> shared = new LinkedHashMap<>();
    named().forEach((name, value) -> shared.put(name, String.valueOf(value)));
    Map<String, Object> plain = options.toPlain();
    for (Option<?> row : options.set().rows()) {
      boolean machine = row.affects() == Affects.NAME || row.affects() == Affects.MACHINE;
      // Cards share a batch, so that all processes must have as many.
      if (row == GPUS || !(machine || row == DATA_PATH)) {
        shared.put(row.name(), String.valueOf(plain.get(row.name())));
      }
    }
    return shared;
  }

  /**
   * What hparams.json holds: the options, and what the run found.
   *
   * @param parameters trainable parameters of the model
   * @param sources the files that the data was read from
   * @param provenance with what the run is made
   */
  public HParams toHParams(long parameters, List<SourceFile> sources, Provenance provenance) {
    Map<String, Object> all = plainOptions();
    all.put("in_features", spec.shape().channels());
    all.put("num_classes", spec.classes());
    Map<String, Object> plain = options.toPlain();
    rows(true).forEach(row -> all.put(row.name(), plain.get(row.name())));
    all.put("n_parameters", parameters);
    all.putAll(provenance.asMap());
    for (SourceFile source : sources) {
      all.put(DATA_PREFIX + source.name(), source.md5());
    }
    return HParams.of(all);
  }

  /**
   * Reads what {@link #toHParams} made. What is missing has its default, as in runs made by other
   * means; only model and dataset must be there.
   *
   * @throws org.imageperformer.savedmodels.RunException for a value of the wrong type
   * @throws IllegalArgumentException naming every problem of the values at once
   */
  public static TrainingConfig fromHParams(HParams hparams) {
    List<String> problems = new ArrayList<>();
    String model = hparams.string("model");
    collect(problems, () -> ModelFamilies.of(model));
    DatasetInfo dataset = collect(problems, () -> dataset(hparams)).orElse(null);
    refuse(problems);
    Builder builder = builder(model, dataset);
    for (Option<?> row : builder.rows()) {
      builder.read(row, hparams, problems);
    }
    Optional<TrainingConfig> built = builder.check(problems);
    refuse(problems);
    return built.orElseThrow();
  }

  private static DatasetInfo dataset(HParams hparams) {
    return Datasets.info(
        hparams.string("dataset"),
        Path.of(hparams.findString(DATA_PATH.name()).orElse("data")),
        hparams.values());
  }

  /**
   * Returns the names in hparams.json that this version has no meaning for: options of a newer one,
   * or misspelt. Whoever trains with them would train something else.
   *
   * @throws IllegalArgumentException if the model or the data set is not known
   */
  public static Set<String> unknownNames(HParams hparams) {
    Set<String> unknown = new LinkedHashSet<>(hparams.values().keySet());
    DatasetInfo dataset = dataset(hparams);
    builder(hparams.string("model"), dataset).rows().forEach(row -> unknown.remove(row.name()));
    unknown.removeAll(dataset.kept().keySet());
    unknown.removeAll(NOT_OPTIONS);
    unknown.removeAll(Provenance.NAMES);
    unknown.removeIf(name -> name.startsWith(DATA_PREFIX));
    return unknown;
  }

  /**
   * Refuses what would be left out of a model that is built, or trained, by these options.
   *
   * @param file where they stand
   * @throws TrainingException naming the unknown ones
   * @throws IllegalArgumentException if the model or the data set is not known
   */
  public static void refuseUnknown(Path file, HParams hparams) {
    Set<String> unknown = unknownNames(hparams);
    if (!unknown.isEmpty()) {
      throw new TrainingException(
          "%s has options that this version does not know: %s. Go on with the version that made the run."
              .formatted(file, String.join(", ", unknown)));
    }
  }

  /**
   * A configuration with every option at its default; the seed is random.
   *
   * @param model its name
   * @param dataset which images
   * @throws IllegalArgumentException if there is no such model
   */
  public static Builder builder(String model, DatasetInfo dataset) {
    return builder(ModelFamilies.of(model), model, dataset);
  }

  /**
   * The same for a model of any family, whether the class path names it or not. What reads a run
   * directory (resume, test, export) finds a family by the class path alone.
   *
   * @param family has the model
   * @param model its name
   * @param dataset which images
   * @throws IllegalArgumentException if the family has no such model
   */
  public static Builder builder(ModelFamily family, String model, DatasetInfo dataset) {
    if (!family.models().contains(model)) {
      throw new IllegalArgumentException(
          "unknown model '"
              + model
              + "'; models of this family: "
              + String.join(", ", family.models()));
    }
    return new Builder(family, model, dataset, options(family, model, dataset).defaults());
  }

  /**
   * With what is to be found out about the data set from the images that are trained on.
   *
   * @return this configuration where all is known
   */
  public TrainingConfig measuredOn(ImageSet train) {
    return dataset.isMeasured()
        ? this
        : new Builder(spec.family(), model(), dataset.measuredOn(train), options).build();
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    return new Builder(spec.family(), model(), dataset, options);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingConfig that
        && model().equals(that.model())
        && dataset.equals(that.dataset)
        && options.equals(that.options);
  }

  @Override
  public int hashCode() {
    return Objects.hash(model(), dataset, options);
  }

  @Override
  public String toString() {
    return model() + " on " + dataset + " " + options;
  }

  private static <T> Optional<T> collect(List<String> problems, Supplier<T> made) {
    try {
      return Optional.of(made.get());
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** Sets options one by one. */
  public static final class Builder {
    private final ModelFamily family;
    private final String model;
    private final DatasetInfo dataset;
    private final Set<String> foreign = new LinkedHashSet<>();
    private Options options;

    private Builder(ModelFamily family, String model, DatasetInfo dataset, Options options) {
      this.family = family;
      this.model = model;
      this.dataset = dataset;
      this.options = options;
    }

    /** The options that the training has. */
    public List<Option<?>> rows() {
      return options.set().rows();
    }

    /** Sets an option; one that the model does not have is a problem of {@link #build}. */
    public <T> Builder set(Option<T> option, T value) {
      if (options.set().has(option)) {
        options = options.with(option, value);
      } else {
        foreign.add(option.name());
      }
      return this;
    }

    /** Sets an option. */
    public Builder set(Option<Double> option, double value) {
      return set(option, Double.valueOf(value));
    }

    /** Sets an option. */
    public Builder set(Option<Long> option, long value) {
      return set(option, Long.valueOf(value));
    }

    /**
     * Sets an option from a word of the command line.
     *
     * @throws IllegalArgumentException naming the option, what was expected and found
     */
    public <T> Builder argument(Option<T> option, String text) {
      return set(option, option.argument(text));
    }

    /**
     * The value that an option has so far.
     *
     * @throws IllegalArgumentException if the training has none
     */
    public <T> T get(Option<T> option) {
      return options.get(option);
    }

    /** Takes the value of an option away. */
    public Builder clear(Option<?> option) {
      options = options.without(option);
      return this;
    }

    private <T> void read(Option<T> option, HParams hparams, List<String> problems) {
      String name = option.name();
      Optional<?> plain =
          switch (option.form()) {
            case TEXT -> hparams.findString(name);
            case INTEGER -> hparams.findInteger(name);
            case LONG -> hparams.findLongInteger(name);
            case NUMBER -> hparams.findNumber(name);
            case BOOLEAN -> hparams.findBool(name);
          };
      plain
          .flatMap(value -> collect(problems, () -> option.ofPlain(value)))
          .ifPresent(value -> set(option, value));
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming every problem at once, options that the model does
     *     not have among them
     */
    public TrainingConfig build() {
      List<String> problems = new ArrayList<>();
      Optional<TrainingConfig> built = check(problems);
      refuse(problems);
      return built.orElseThrow();
    }

    /** Adds what is wrong to the problems; gives the configuration if nothing is. */
    private Optional<TrainingConfig> check(List<String> problems) {
      int before = problems.size();
      foreign.forEach(name -> problems.add(foreign(name)));
      problems.addAll(options.problems());
      collect(problems, () -> schedule(options, MANY_IMAGES));
      collect(problems, () -> updateParameters(options));
      int gpus = options.get(GPUS);
      int batch = options.get(BATCH_SIZE);
      if (gpus > 1 && gpus > batch) {
        problems.add("gpus is " + gpus + ", more than the images of a batch, " + batch);
      }
      int side = options.get(IMAGE_SIZE);
      ImageShape shape = new ImageShape(side, side, dataset.channels());
      Options own = options.only(family.options(model));
      if (!IMAGE_SIZE.problems(side).isEmpty()) {
        return Optional.empty();
      }
      List<String> ofModel = family.problems(model, shape, own);
      problems.addAll(ofModel);
      if (!ofModel.isEmpty() || !own.problems().isEmpty()) {
        return Optional.empty();
      }
      ModelSpec spec = new ModelSpec(family, model, shape, dataset.classNames().size(), own);
      ModelOutline outline = spec.outline();
      int fewest = outline.traits().fewestImages();
      requireFewest(problems, BATCH_SIZE, fewest);
      requireFewest(problems, LIMIT_TRAIN, fewest);
      if (gpus > 1 && outline.coupling().isPresent()) {
        problems.add(
            "gpus is "
                + gpus
                + ", must be 1 with "
                + outline.coupling().get()
                + ", which ties the images of a batch together");
      }
      return problems.size() == before
          ? Optional.of(new TrainingConfig(dataset, options, spec, outline))
          : Optional.empty();
    }

    private void requireFewest(List<String> problems, Option<Integer> images, int fewest) {
      options
          .find(images)
          .filter(value -> value < fewest)
          .ifPresent(
              value ->
                  problems.add(
                      "%s is %d, must be at least %d: %s is trained on no fewer images at once"
                          .formatted(images.name(), value, fewest, model)));
    }

    private static String datasetsWith(String option) {
      return Datasets.all().stream()
          .map(DatasetSource::name)
          .filter(name -> Datasets.options(name).find(option).isPresent())
          .collect(Collectors.joining(", "));
    }

    private String foreign(String name) {
      if (Datasets.options().find(name).isPresent()) {
        return "%s is an option of %s, not of %s"
            .formatted(name, datasetsWith(name), dataset.name());
      }
      List<String> owners =
          ModelFamilies.all().stream()
              .flatMap(
                  other ->
                      other.models().stream()
                          .filter(its -> other.options(its).find(name).isPresent()))
              .toList();
      return name
          + (owners.isEmpty()
              ? " is no option of "
              : " is an option of " + String.join(", ", owners) + ", not of ")
          + model;
    }
  }
}
