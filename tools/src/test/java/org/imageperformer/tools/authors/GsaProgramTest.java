package org.imageperformer.tools.authors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.gsa.GsaOptions;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOptions;
import org.imageperformer.training.engine.EngineOptions;
import org.imageperformer.training.engine.ProcessGroup;
import org.imageperformer.training.engine.TrainingGraph;
import org.imageperformer.training.schedule.LearningRateSchedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of GSA-Nets' program become models that compute and learn as there. */
class GsaProgramTest {

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  @TempDir Path folder;

  @BeforeEach
  void addDataset() throws IOException {
    Thread.currentThread()
        .setContextClassLoader(
            TwoClasses.loader(Files.createDirectory(folder.resolve("more")), before));
  }

  @AfterEach
  void forgetDataset() {
    Thread.currentThread().setContextClassLoader(before);
  }

  static List<String> names() {
    return GsaCase.names();
  }

  static List<String> layerNormNames() {
    return names().stream().filter(name -> !batchNormNames().contains(name)).toList();
  }

  static List<String> batchNormNames() {
    return List.of("p4-local-batchnorm", "z2cnn");
  }

  static List<String> trainedNames() {
    return layerNormNames().stream().filter(name -> !name.endsWith("-full-size")).toList();
  }

  @Test
  void allCasesAreThere() {
    assertThat(names()).hasSize(26).containsAll(batchNormNames());
  }

  /** Norms of the batch are of use in evaluation once their averages have moved. */
  @ParameterizedTest
  @ValueSource(
      strings = {"cifar-like", "mz2-global", "p4m-global-relative", "p8-local", "pcam-like"})
  void logitsAreTheirs(String name) {
    assertModel(name);
  }

  @ParameterizedTest
  @MethodSource("layerNormNames")
  @Tag("slow") // every kind of case is in every run of the tests
  void allLogitsAreTheirs(String name) {
    assertModel(name);
  }

  private void assertModel(String name) {
    GsaCase golden = GsaCase.read(name, folder);
    PublishedProgram.Trained trained = golden.read(Map.of());

    assertThat(trained.config().outline().weights().parameters())
        .isEqualTo(golden.golden().get("parameters").getAsLong());
    assertLogits(trained.config(), trained.values(), golden, "logits");
    String encoding = name.endsWith("-relative") ? "relative" : "acted";
    assertThat(trained.config().get(GsaOptions.GROUP_ENCODING).label())
        .isEqualTo(name.startsWith("z2") ? "relative" : encoding); // z2 has but one
    assertThat(trained.remarks()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("batchNormNames")
  void runningAveragesAreTheirs(String name) {
    GsaCase golden = GsaCase.read(name, folder);
    Map<String, WeightTensor> tensors = tensors(golden);
    golden
        .golden()
        .getAsJsonObject("running")
        .asMap()
        .forEach(
            (running, values) ->
                tensors.computeIfPresent(
                    running, (key, old) -> tensor(old, GoldenCase.floats(values))));
    PublishedProgram.Trained trained =
        GsaProgram.trained(golden.file(), golden.request(Map.of()), tensors);

    assertLogits(
        trained.config(), trained.values(), golden, "logits_eval_after_one_training_forward");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p4-local-relu-odd-mid"})
  void learnsAsThereByAdam(String name) {
    assertTraining(name, "adam");
  }

  @ParameterizedTest
  @MethodSource("trainedNames")
  @Tag("slow") // a few of them are in every run of the tests
  void allLearnAsThereByAdam(String name) {
    if (GsaCase.read(name, folder).golden().has("adam")) {
      assertTraining(name, "adam");
    }
  }

  @ParameterizedTest
  @CsvSource({"p4-local, sgd_momentum_warmup_cosine", "mz2-global, adam_multistep"})
  void learnsAsThereOnSchedules(String name, String training) {
    assertTraining(name, training);
  }

  @ParameterizedTest
  @CsvSource({"p4-local, adam_multistep", "mz2-global, sgd_momentum_warmup_cosine"})
  @Tag("slow") // the other halves are in every run of the tests
  void allLearnAsThereOnSchedules(String name, String training) {
    assertTraining(name, training);
  }

  /** Losses before every step, rates, and logits at the end, by the options of their line. */
  private void assertTraining(String name, String training) {
    GsaCase golden = GsaCase.read(name, folder);
    JsonObject expected = golden.golden().getAsJsonObject(training);
    Map<String, String> options = new HashMap<>(golden.training(training));
    options.put("batch_size", Integer.toString(golden.count()));
    PublishedProgram.Trained trained = golden.read(options);
    TrainingConfig config = trained.config();
    assertThat(config.get(TrainingOptions.GRADIENT_CLIP_VAL)).isZero();
    LearningRateSchedule rates =
        config.learningRateSchedule(
            (long) golden.count() * expected.get("steps_per_epoch").getAsInt());
    float[] losses = GoldenCase.floats(expected.get("losses"));
    try (TrainingGraph graph = graph(config, trained.values())) {
      for (int step = 0; step < losses.length; step++) {
        double rate = expected.getAsJsonArray("learning_rates").get(step).getAsDouble();
        assertThat(rates.at(step))
            .as("rate of step %s", step)
            .isCloseTo(rate, within(1e-6 * config.get(TrainingOptions.LEARNING_RATE)));
        double loss =
            graph
                .step(golden.batch(), step, step, rates.at(step), Double.POSITIVE_INFINITY)
                .lossSum();
        assertThat(loss / golden.count())
            .as("loss before step %s", step)
            .isCloseTo(losses[step], within(1e-3 * largest(losses)));
      }
      float[] last = GoldenCase.floats(expected.get("final_logits"));
      assertThat(flat(graph.logits(golden.batch())))
          .containsExactly(last, within((float) (1e-3 * largest(last))));
    }
  }

  @Test
  void aFileNameSaysOptions() {
    GsaFileName name =
        GsaFileName.of(
            "CIFAR10_model_mz2sa_type_Local_patch_5_dpatt_0.1_dpval_0.0_activ_Swish_norm_LayerNorm"
                + "_white_1.41421356_optim_SGD_lr_0.01_bs_24_ep_350_wd_0.0001_seed_0"
                + "_sched_linear_warmup_cosine_x_1.pt");
    assertThat(name.dataset()).hasValue("CIFAR10");
    assertThat(name.model()).hasValue("mz2sa");
    assertThat(name.options())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("attention_type", "Local"),
                Map.entry("patch_size", "5"),
                Map.entry("dropout_att", "0.1"),
                Map.entry("dropout_values", "0.0"),
                Map.entry("activation_function", "Swish"),
                Map.entry("norm_type", "LayerNorm"),
                Map.entry("whitening_scale", "1.41421356"),
                Map.entry("optimizer", "SGD"),
                Map.entry("learning_rate", "0.01"),
                Map.entry("batch_size", "24"),
                Map.entry("max_epochs", "350"),
                Map.entry("weight_decay", "0.0001"),
                Map.entry("seed", "0"),
                Map.entry("schedule", "linear_warmup_cosine")));
    assertThat(GsaFileName.of("weights.pt"))
        .isEqualTo(new GsaFileName(Optional.empty(), Optional.empty(), Map.of()));
    assertThat(GsaFileName.of("PCam_model_p4sa_type_Global_patch_0_sched_constants.pt").options())
        .isEqualTo(Map.of("attention_type", "Global", "schedule", "constant"));
  }

  /** The file of this case is named as the program names it. */
  @Test
  void optionsOfTheFileNameCountAndThoseOfTheUserMore() {
    GsaCase golden = GsaCase.read("rotmnist-full-size", folder);
    TrainingConfig config =
        golden.read(Map.of("dropout_values", "0.25", "weight_decay", "0.5")).config();

    assertThat(config.get(GsaOptions.DROPOUT_ATT)).isZero();
    assertThat(config.get(GsaOptions.DROPOUT_VALUES)).isEqualTo(0.25);
    assertThat(config.get(TrainingOptions.WEIGHT_DECAY)).isEqualTo(0.5);
    assertThat(config.get(TrainingOptions.SEED)).isZero();
    assertThat(config.get(TrainingOptions.MAX_EPOCHS)).isEqualTo(300);
  }

  @Test
  void optionsAgainstTheTensorsAreRefused() {
    GsaCase golden = GsaCase.read("p4-local", folder);
    String start = golden.file() + ": ";
    assertThatThrownBy(() -> golden.read(Map.of("group", "p8", "num_heads", "2")))
        .isInstanceOf(AuthorsRunException.class)
        .hasMessage(
            start
                + "num_heads is 2, but lifting_self_attention.query.weight says 3; group is p8, but"
                + " transformer.0.attention.2.g_indices says p4");
    assertThatThrownBy(() -> golden.read(Map.of("patch_size", "3", "group_encoding", "relative")))
        .hasMessage(
            start
                + "patch_size is 3, but lifting_self_attention.row_indices says 5; group_encoding is"
                + " relative, but transformer.0.attention.2.g_indices says acted");
    assertThatThrownBy(() -> golden.read(Map.of("dropout_after_pooling", "0.3")))
        .hasMessage(
            start
                + "transformer's blocks, 0,2, and its last map, 3, leave no room for a pooling and a"
                + " dropout between stages: give --dropout_after_pooling as it was trained");
  }

  @Test
  void tensorsThatDoNotFitAreRefused() {
    assertRefused(
        tensors -> tensors.remove("transformer.2.mlp.1.layer_norm.bias"),
        "the tensors do not fit the model: missing transformer.2.mlp.1.layer_norm.bias [16]");
    assertRefused(
        tensors -> tensors.put("extra", new WeightTensor("extra", new int[] {1}, new float[1])),
        "the tensors do not fit the model: left over extra [1]");
    assertRefused(
        tensors -> tensors.remove("lifting_self_attention.row_indices"),
        "missing lifting_self_attention.row_indices");
    assertRefused(
        tensors ->
            tensors.computeIfPresent(
                "transformer.2.attention.2.g_indices",
                (key, old) -> tensor(old, new float[old.values().length])),
        "transformer.0.attention.2.g_indices [4, 4, 4] and those of the other blocks are neither"
            + " the relative nor the acted encoding of one of the groups");
    assertRefused(
        tensors -> tensors.remove("transformer.3.weight"),
        "missing the map to the classes: expected transformer.N.weight behind the last block,"
            + " transformer.2");
    assertRefused(
        tensors -> tensors.keySet().removeIf(key -> key.startsWith("transformer.")),
        "missing transformer.0.attention.2.query.weight");
  }

  /** Pooling with dropout takes two entries, as in the preset of CIFAR10. */
  @Test
  void dropoutBehindPoolingIsSeen() {
    GsaCase golden = GsaCase.read("cifar-like", folder);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    tensors(golden)
        .forEach(
            (name, tensor) -> {
              int entry =
                  name.startsWith("transformer.") ? Integer.parseInt(name.split("\\.", -1)[1]) : 0;
              int moved = entry + (entry >= 14 ? 2 : entry >= 7 ? 1 : 0);
              tensors.put(name.replaceFirst("^transformer\\.\\d+", "transformer." + moved), tensor);
            });
    TrainingConfig config =
        GsaProgram.trained(golden.file(), golden.request(Map.of()), tensors).config();

    assertThat(config.get(GsaOptions.BLOCK_SIZES)).containsExactly(2, 2, 2);
    assertThat(config.get(GsaOptions.DROPOUT_AFTER_POOLING)).isEqualTo(0.3);
    assertThat(golden.read(Map.of()).config().get(GsaOptions.DROPOUT_AFTER_POOLING)).isZero();
  }

  private void assertRefused(Consumer<Map<String, WeightTensor>> damage, String message) {
    GsaCase golden = GsaCase.read("p4-local", folder);
    Map<String, WeightTensor> tensors = tensors(golden);
    damage.accept(tensors);
    assertThatThrownBy(() -> GsaProgram.trained(golden.file(), golden.request(Map.of()), tensors))
        .isInstanceOf(AuthorsRunException.class)
        .hasMessage(golden.file() + ": " + message);
  }

  private static Map<String, WeightTensor> tensors(GsaCase golden) {
    return new LinkedHashMap<>(Checkpoint.read(golden.file(), ReadLimits.standard()).tensors());
  }

  private static WeightTensor tensor(WeightTensor old, float[] values) {
    return new WeightTensor(old.name(), old.shape(), values);
  }

  private static void assertLogits(
      TrainingConfig config, Map<String, float[]> values, GsaCase golden, String field) {
    JsonElement logits = golden.golden().get(field);
    float[] expected = GoldenCase.floats(logits);
    try (TrainingGraph graph = graph(config, values)) {
      assertThat(flat(graph.logits(golden.batch())))
          .containsExactly(expected, within((float) (1e-4 * largest(expected))));
    }
  }

  private static TrainingGraph graph(TrainingConfig config, Map<String, float[]> values) {
    TrainingGraph graph =
        new TrainingGraph(
            config.spec(),
            PixelScaling.unit(config.spec().shape().channels()),
            new EngineOptions(
                1, 64, 1, 1, new PassOptions(PassOptions.Kernels.FAST, PassOptions.Precision.FP32)),
            config.updateRule(),
            config.updateParameters(),
            ProcessGroup.ALONE);
    graph.initialize(1);
    graph.assign(values);
    return graph;
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
    }
    return all;
  }

  /** At least 1. */
  private static double largest(float[] values) {
    double largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
