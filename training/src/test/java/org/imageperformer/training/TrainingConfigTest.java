package org.imageperformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLASS_TOKEN_POSITION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLIPPING_DIST;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CONTENT_REL_ATTN;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EMBEDDING_TYPE;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_REDRAW_INTERVAL;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.KEY_STABILIZER;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.POS_SCALES;
import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.CHECKPOINT_EVERY;
import static org.imageperformer.training.TrainingOptions.DATA_PATH;
import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.EXP_NAME;
import static org.imageperformer.training.TrainingOptions.GPUS;
import static org.imageperformer.training.TrainingOptions.GPU_MEMORY_GROWTH;
import static org.imageperformer.training.TrainingOptions.GRADIENT_CLIP_VAL;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;
import static org.imageperformer.training.TrainingOptions.LEARNING_RATE;
import static org.imageperformer.training.TrainingOptions.LIMIT_TEST;
import static org.imageperformer.training.TrainingOptions.LIMIT_TRAIN;
import static org.imageperformer.training.TrainingOptions.LIMIT_VAL;
import static org.imageperformer.training.TrainingOptions.LOG_PATH;
import static org.imageperformer.training.TrainingOptions.MAX_EPOCHS;
import static org.imageperformer.training.TrainingOptions.MAX_STEPS;
import static org.imageperformer.training.TrainingOptions.MAX_TIME;
import static org.imageperformer.training.TrainingOptions.PATIENCE;
import static org.imageperformer.training.TrainingOptions.PRECISION;
import static org.imageperformer.training.TrainingOptions.SCHEDULE;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.THREADS;
import static org.imageperformer.training.TrainingOptions.VAL_SPLIT;
import static org.imageperformer.training.TrainingOptions.VERSION;
import static org.imageperformer.training.TrainingOptions.WARMUP;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.options.Option;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.PixelFeatures;
import org.imageperformer.tfmodels.kernels.Edges;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.tfmodels.performer.PerformerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrainingConfigTest {

  private static final Provenance PROVENANCE =
      new Provenance("0.1.0", Optional.of("abc123"), "2.18.0", "2 CPU cores", 2);

  @TempDir Path folder;

  static List<String> models() {
    return new PerformerFamily().models();
  }

  private static List<Option<?>> rows(String model) {
    return TrainingConfig.options(ModelFamilies.of(model), model).rows().stream()
        .filter(row -> !row.isHidden())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyOptionHasTheDefaultOfTheTable(String model) {
    Map<String, Object> options =
        TrainingConfig.builder(model, Datasets.info("MNIST")).build().plainOptions();
    List<String> expected = new ArrayList<>(List.of("model", "dataset"));
    for (Option<?> option : rows(model)) {
      expected.add(option.name());
      Object value = options.get(option.name());
      switch (option.name()) {
        case "version",
            "max_steps",
            "max_time",
            "limit_train",
            "limit_val",
            "limit_test",
            "threads" ->
            assertThat(value).isNull();
        case "seed" -> assertThat((Long) value).isBetween(0L, (long) Integer.MAX_VALUE);
        case "val_split" -> assertThat(value).isEqualTo(5000);
        default -> assertThat(value).hasToString(option.standardText());
      }
    }
    assertThat(options.keySet()).containsExactlyElementsOf(expected);
  }

  @Test
  void samplesSplitOffFewerImages() {
    assertThat(
            TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNISTSample"))
                .build()
                .get(VAL_SPLIT))
        .isEqualTo(500);
  }

  @Test
  void seedsThatAreNotGivenDiffer() {
    assertThat(
            TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
                .build()
                .get(SEED))
        .isNotEqualTo(
            TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
                .build()
                .get(SEED));
  }

  @Test
  void optionsBelongToTheirModels() {
    assertThat(models().stream().filter(model -> has(model, "clipping_dist")))
        .containsExactly(PerformerFamily.CLIPPED_RELATIVE_PERFORMER);
    assertThat(has(PerformerFamily.RELATIVE_PERFORMER, "pos_scales")).isTrue();
    assertThat(has(PerformerFamily.PERFORMER, "pos_scales")).isFalse();
    assertThat(models()).allMatch(model -> has(model, "batch_size"));
    assertThat(has(PerformerFamily.CLIPPED_RELATIVE_PERFORMER, "clipping-dist")).isFalse();
  }

  private static boolean has(String model, String option) {
    return rows(model).stream().anyMatch(row -> row.name().equals(option));
  }

  @Test
  void allProblemsComeInOneMessage() {
    assertThatThrownBy(
            () ->
                TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("CIFAR10"))
                    .set(CLIPPING_DIST, 4)
                    .set(POS_SCALES, 2)
                    .set(CLIPPING_DIST, 5)
                    .set(BATCH_SIZE, 0)
                    .set(SCHEDULE, "noam")
                    .set(LEARNING_RATE, -1)
                    .set(HEADS, 3)
                    .set(FF_DROPOUT, 1)
                    .set(EMBEDDING_TYPE, EmbeddingType.LOOKUP)
                    .set(MAX_EPOCHS, 0)
                    .set(MAX_STEPS, 0)
                    .set(MAX_TIME, Duration.ZERO)
                    .set(PATIENCE, 0)
                    .set(GRADIENT_CLIP_VAL, Double.NaN)
                    .set(VAL_SPLIT, 0)
                    .set(LIMIT_TRAIN, 0)
                    .set(LIMIT_VAL, -1)
                    .set(LIMIT_TEST, 0)
                    .set(THREADS, 0)
                    .set(FEATURE_REDRAW_INTERVAL, -1)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "clipping_dist is an option of ClippedRelativePerformer, not of Performer; pos_scales is"
                + " an option of RelativePerformer, not of Performer; batch_size is 0, must be at"
                + " least 1; feature_redraw_interval is -1, must be at least 0; max_epochs is 0,"
                + " must be at least 1; max_steps is 0, must be at least 1; max_time is 0, must be"
                + " at least 1; patience is 0, must be at least 1; gradient_clip_val is NaN, must"
                + " be at least 0 (0: no clipping); val_split is 0, must be at least 1;"
                + " limit_train is 0, must be at least 1; limit_val is -1, must be at least 1;"
                + " limit_test is 0, must be at least 1; threads is 0, must be at least 1;"
                + " learning_rate is -1.0, must be above 0 and finite; schedule noam needs a"
                + " warmup of at least 1 step, warmup is 0; heads 3 does not divide dim 128;"
                + " ff_dropout is 1.0, must be in [0, 1); embedding_type lookup needs dim"
                + " divisible by the channels: dim is 128, channels are 3");
  }

  @Test
  void imageSizesHaveBounds() {
    for (int size : new int[] {0, 1025, Integer.MAX_VALUE}) {
      assertThatThrownBy(
              () ->
                  TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
                      .set(IMAGE_SIZE, size)
                      .build())
          .hasMessage("image_size is " + size + ", must be between 1 and 1024");
    }
  }

  @Test
  void gpusMustHaveImagesOfTheirOwn() {
    assertThatThrownBy(
            () ->
                TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
                    .set(BATCH_SIZE, 3)
                    .set(GPUS, 4)
                    .set(KEY_STABILIZER, KeyStabilizer.BATCH)
                    .build())
        .hasMessageContaining("gpus is 4, more than the images of a batch, 3")
        .hasMessageContaining("gpus is 4, must be 1 with key_stabilizer batch");
  }

  private static TrainingConfig unusual(String model) {
    TrainingConfig.Builder builder =
        TrainingConfig.builder(model, Datasets.info("CIFAR10"))
            .set(LOG_PATH, Path.of("elsewhere"))
            .set(EXP_NAME, "wide, \"quoted\"")
            .set(VERSION, "version_7")
            .set(BATCH_SIZE, 7)
            .set(EMBEDDING_TYPE, EmbeddingType.MLP)
            .set(LEARNING_RATE, 3e-5)
            .set(WARMUP, 11)
            .set(SCHEDULE, "noam")
            .set(DIM, 48)
            .set(DEPTH, 3)
            .set(HEADS, 2)
            .set(ATTN_DROPOUT, 0)
            .set(FF_DROPOUT, 0.25)
            .set(FEATURE_REDRAW_INTERVAL, 13)
            .set(MAX_EPOCHS, 17)
            .set(MAX_STEPS, 5_000_000_000L)
            .set(MAX_TIME, Duration.ofMinutes(95))
            .set(PATIENCE, 19)
            .set(GRADIENT_CLIP_VAL, 0)
            .set(VAL_SPLIT, 23)
            .set(LIMIT_TRAIN, 29)
            .set(LIMIT_VAL, 31)
            .set(LIMIT_TEST, 37)
            .set(IMAGE_SIZE, 41)
            .set(SEED, -43)
            .set(DATA_PATH, Path.of("images"))
            .set(DEVICE, Device.CPU)
            .set(GPU_MEMORY_GROWTH, false)
            .set(THREADS, 3)
            .set(PRECISION, Precision.BF16)
            .set(CHECKPOINT_EVERY, CheckpointEvery.parse("47steps"));
    if (model.equals(PerformerFamily.EQUIVARIANT_PERFORMER)) {
      return builder
          .set(PerformerOptions.FEATURES, PixelFeatures.FAVOR)
          .set(PerformerOptions.FEATURE_COUNT, 6)
          .set(PerformerOptions.LOCAL, 5)
          .set(PerformerOptions.MAX_WAVE, 2)
          .set(PerformerOptions.EDGES, Edges.ZERO)
          .build();
    }
    builder.set(NO_PROJECTION, true).set(KEY_STABILIZER, KeyStabilizer.BATCH);
    switch (model) {
      case PerformerFamily.PERFORMER ->
          builder.set(KEY_STABILIZER, KeyStabilizer.EXAMPLE).set(GPUS, 7);
      case PerformerFamily.RELATIVE_PERFORMER ->
          builder.set(POS_SCALES, 5).set(CONTENT_REL_ATTN, true);
      case PerformerFamily.CLIPPED_RELATIVE_PERFORMER ->
          builder.set(CLIPPING_DIST, 3).set(CLASS_TOKEN_POSITION, ClassTokenPosition.NONE);
      default -> {}
    }
    return builder.build();
  }

  @ParameterizedTest
  @MethodSource("models")
  void hparamsHoldEverything(String model) {
    Path file = folder.resolve("hparams.json");
    List<SourceFile> sources = List.of(new SourceFile("test_batch.bin", "x", "d41d8cd9"));
    TrainingConfig plain = TrainingConfig.builder(model, Datasets.info("MNIST")).build();
    for (TrainingConfig config : List.of(plain, unusual(model))) {
      config.toHParams(1234, sources, PROVENANCE).write(file);
      HParams read = HParams.read(file);
      assertThat(TrainingConfig.fromHParams(read)).isEqualTo(config);
      assertThat(read.integer("n_parameters")).isEqualTo(1234);
      assertThat(read.findInteger("max_pos"))
          .isEqualTo(
              model.equals(PerformerFamily.EQUIVARIANT_PERFORMER)
                  ? Optional.empty()
                  : Optional.of(32));
      assertThat(read.integer("num_classes")).isEqualTo(10);
      assertThat(read.integer("in_features")).isEqualTo(config.dataset().channels());
      assertThat(read.string("product_version")).isEqualTo("0.1.0");
      assertThat(read.string("git_commit")).isEqualTo("abc123");
      assertThat(read.string("tensorflow_version")).isEqualTo("2.18.0");
      assertThat(read.string("device_used")).isEqualTo("2 CPU cores");
      assertThat(read.integer("threads_used")).isEqualTo(2);
      assertThat(read.string("data/test_batch.bin")).isEqualTo("d41d8cd9");
      assertThat(read.has("clipping_dist"))
          .isEqualTo(model.equals(PerformerFamily.CLIPPED_RELATIVE_PERFORMER));
      assertThat(read.has("pos_scales"))
          .isEqualTo(model.equals(PerformerFamily.RELATIVE_PERFORMER));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aBuilderStartsFromAConfiguration(String model) {
    assertThat(unusual(model).toBuilder().build()).isEqualTo(unusual(model));
    assertThat(unusual(model).toBuilder().set(MAX_EPOCHS, 99).build().get(MAX_EPOCHS))
        .isEqualTo(99);
  }

  @Test
  void theModelHasTheShapeOfTheData() {
    var model = unusual(PerformerFamily.CLIPPED_RELATIVE_PERFORMER).spec();
    assertThat(model.shape().height()).isEqualTo(41);
    assertThat(model.shape().width()).isEqualTo(41);
    assertThat(model.shape().channels()).isEqualTo(3);
    assertThat(model.classes()).isEqualTo(10);
    assertThat(model.options().get(PerformerOptions.CLIPPING_DIST)).isEqualTo(3);
    assertThat(model.options().get(PerformerOptions.CLASS_TOKEN_POSITION))
        .isEqualTo(ClassTokenPosition.NONE);
    assertThat(model.options().get(PerformerOptions.MAX_POS)).isEqualTo(32);
  }

  @Test
  void hparamsOfOtherProgramsNeedOnlyModelAndDataset() {
    HParams few =
        HParams.of(
            Map.of("model", "RelativePerformer", "dataset", "FashionMNIST", "foreign", true));
    TrainingConfig config = TrainingConfig.fromHParams(few);
    assertThat(config.model()).isEqualTo(PerformerFamily.RELATIVE_PERFORMER);
    assertThat(config.get(DIM)).isEqualTo(128);
  }

  /** They need the number of images, which is not known yet. */
  @ParameterizedTest
  @ValueSource(strings = {"multistep", "linear_warmup_cosine"})
  void schedulesInEpochsCanBeChosenBeforeDataIsRead(String schedule) {
    TrainingConfig config =
        TrainingConfig.builder("Performer", Datasets.info("MNIST")).set(SCHEDULE, schedule).build();
    assertThat(config.get(SCHEDULE)).isEqualTo(schedule);
  }

  @Test
  void hparamsThatAreWrongAreRefusedWithAllProblems() {
    assertThatThrownBy(
            () ->
                TrainingConfig.fromHParams(
                    HParams.of(Map.of("model", "Transformer", "dataset", "MNIST"))))
        .hasMessage(
            "unknown model 'Transformer'; known models: Performer, NoposPerformer,"
                + " RelativePerformer, ClippedRelativePerformer, EquivariantPerformer,"
                + " GroupSelfAttention, Z2CNN, AlexNet, ResNet18, VGG16");
    assertThatThrownBy(
            () ->
                TrainingConfig.fromHParams(
                    HParams.of(
                        Map.of(
                            "model",
                            "Performer",
                            "dataset",
                            "MNIST",
                            "device",
                            "tpu",
                            "heads",
                            5))))
        .hasMessage("unknown device 'tpu'; known: auto, cpu, gpu; heads 5 does not divide dim 128");
    assertThatThrownBy(
            () ->
                TrainingConfig.fromHParams(
                    HParams.of(Map.of("model", "Performer", "dataset", "MNIST", "dim", "wide"))))
        .hasMessage("hyperparameters: \"dim\" should be an integer, found \"wide\"");
  }

  @Test
  void knowsWhatItDoesNotKnow() {
    HParams known =
        TrainingConfig.builder("Performer", Datasets.info("MNIST"))
            .build()
            .toHParams(1, List.of(), new Provenance("1", Optional.of("c"), "2", "cpu", 2))
            .with("imported_from", "there")
            .with("data/train", "5");
    assertThat(TrainingConfig.unknownNames(known)).isEmpty();
    assertThat(TrainingConfig.unknownNames(known.with("flash", true).with("dimm", 7)))
        .containsExactly("flash", "dimm");
    // An option, but of another model.
    assertThat(TrainingConfig.unknownNames(known.with("clipping_dist", 8)))
        .containsExactly("clipping_dist");
  }

  @Test
  void theAdviceFitsTheOptions() {
    assertThat(new NonFiniteLossException("loss", Double.NaN, 3, 0.1, "Kept.", 0.5, Precision.TF32))
        .hasMessageContaining("a smaller --gradient_clip_val, or --precision fp32.");
    assertThat(new NonFiniteLossException("loss", Double.NaN, 3, 0.1, "Kept.", 0, Precision.FP32))
        .hasMessageEndingWith("--warmup, or clipped gradients (--gradient_clip_val 0.5).")
        .hasMessageNotContaining("smaller --gradient_clip_val");
  }
}
