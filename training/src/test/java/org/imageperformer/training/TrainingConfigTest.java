package org.imageperformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetName;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ModelKind;
import org.imageperformer.training.schedule.ScheduleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TrainingConfigTest {

  private static final Provenance PROVENANCE =
      new Provenance("0.1.0", Optional.of("abc123"), "2.18.0", "2 CPU cores", 2);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void everyOptionHasTheDefaultOfTheTable(ModelKind model) {
    Map<String, Object> options =
        TrainingConfig.builder(model, DatasetName.MNIST).build().options();
    List<String> expected = new ArrayList<>(List.of("model", "dataset"));
    for (TrainingOption option : TrainingOption.values()) {
      if (!option.belongsTo(model)) {
        continue;
      }
      expected.add(option.label());
      Object value = options.get(option.label());
      switch (option) {
        case VERSION, MAX_STEPS, MAX_TIME, LIMIT_TRAIN, LIMIT_VAL, LIMIT_TEST, THREADS ->
            assertThat(value).isNull();
        case SEED -> assertThat((Long) value).isBetween(0L, (long) Integer.MAX_VALUE);
        case VAL_SPLIT -> assertThat(value).isEqualTo(5000);
        default -> assertThat(value).hasToString(option.defaultText());
      }
    }
    assertThat(options.keySet()).containsExactlyElementsOf(expected);
  }

  @Test
  void samplesSplitOffFewerImages() {
    assertThat(
            TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.MNIST_SAMPLE)
                .build()
                .valSplit())
        .isEqualTo(500);
  }

  @Test
  void seedsThatAreNotGivenDiffer() {
    assertThat(TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.MNIST).build().seed())
        .isNotEqualTo(
            TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.MNIST).build().seed());
  }

  @Test
  void optionsBelongToTheirModels() {
    assertThat(TrainingOption.of("clipping_dist").orElseThrow().models())
        .containsExactly(ModelKind.CLIPPED_RELATIVE_PERFORMER);
    assertThat(TrainingOption.POS_SCALES.belongsTo(ModelKind.RELATIVE_PERFORMER)).isTrue();
    assertThat(TrainingOption.POS_SCALES.belongsTo(ModelKind.PERFORMER)).isFalse();
    assertThat(TrainingOption.BATCH_SIZE.models()).containsExactly(ModelKind.values());
    assertThat(TrainingOption.of("clipping-dist")).isEmpty();
  }

  @Test
  void allProblemsComeInOneMessage() {
    assertThatThrownBy(
            () ->
                TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.CIFAR10)
                    .clippingDist(4)
                    .posScales(2)
                    .clippingDist(5)
                    .batchSize(0)
                    .schedule(ScheduleKind.NOAM)
                    .learningRate(-1)
                    .heads(3)
                    .ffDropout(1)
                    .embeddingType(EmbeddingType.LOOKUP)
                    .maxEpochs(0)
                    .maxSteps(0)
                    .maxTime(Duration.ZERO)
                    .patience(0)
                    .gradientClipVal(Double.NaN)
                    .valSplit(0)
                    .limitTrain(0)
                    .limitVal(-1)
                    .limitTest(0)
                    .threads(0)
                    .featureRedrawInterval(-1)
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
                  TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.MNIST)
                      .imageSize(size)
                      .build())
          .hasMessage("image_size is " + size + ", must be between 1 and 1024");
    }
  }

  @Test
  void gpusMustHaveImagesOfTheirOwn() {
    assertThatThrownBy(
            () ->
                TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.MNIST)
                    .batchSize(3)
                    .gpus(4)
                    .keyStabilizer(KeyStabilizer.BATCH)
                    .build())
        .hasMessageContaining("gpus is 4, more than the images of a batch, 3")
        .hasMessageContaining("gpus is 4, must be 1 with key_stabilizer batch");
  }

  private static TrainingConfig unusual(ModelKind model) {
    TrainingConfig.Builder builder =
        TrainingConfig.builder(model, DatasetName.CIFAR10)
            .logPath(Path.of("elsewhere"))
            .expName("wide, \"quoted\"")
            .version("version_7")
            .batchSize(7)
            .embeddingType(EmbeddingType.MLP)
            .learningRate(3e-5)
            .warmup(11)
            .schedule(ScheduleKind.NOAM)
            .dim(48)
            .depth(3)
            .heads(2)
            .attnDropout(0)
            .ffDropout(0.25)
            .featureRedrawInterval(13)
            .noProjection(true)
            .keyStabilizer(KeyStabilizer.BATCH)
            .maxEpochs(17)
            .maxSteps(5_000_000_000L)
            .maxTime(Duration.ofMinutes(95))
            .patience(19)
            .gradientClipVal(0)
            .valSplit(23)
            .limitTrain(29)
            .limitVal(31)
            .limitTest(37)
            .imageSize(41)
            .seed(-43)
            .dataPath(Path.of("images"))
            .device(Device.CPU)
            .gpuMemoryGrowth(false)
            .threads(3)
            .precision(Precision.BF16)
            .checkpointEvery(CheckpointEvery.parse("47steps"));
    switch (model) {
      case PERFORMER -> builder.keyStabilizer(KeyStabilizer.EXAMPLE).gpus(7);
      case RELATIVE_PERFORMER -> builder.posScales(5).contentRelAttn(true);
      case CLIPPED_RELATIVE_PERFORMER ->
          builder.clippingDist(3).classTokenPosition(ClassTokenPosition.NONE);
      default -> {}
    }
    return builder.build();
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void hparamsHoldEverything(ModelKind model) {
    Path file = folder.resolve("hparams.json");
    List<SourceFile> sources = List.of(new SourceFile("test_batch.bin", "x", "d41d8cd9"));
    TrainingConfig plain = TrainingConfig.builder(model, DatasetName.MNIST).build();
    for (TrainingConfig config : List.of(plain, unusual(model))) {
      config.toHParams(1234, sources, PROVENANCE).write(file);
      HParams read = HParams.read(file);
      assertThat(TrainingConfig.fromHParams(read)).isEqualTo(config);
      assertThat(read.integer("n_parameters")).isEqualTo(1234);
      assertThat(read.integer("max_pos")).isEqualTo(32);
      assertThat(read.integer("num_classes")).isEqualTo(10);
      assertThat(read.integer("in_features")).isEqualTo(config.dataset().channels());
      assertThat(read.string("product_version")).isEqualTo("0.1.0");
      assertThat(read.string("git_commit")).isEqualTo("abc123");
      assertThat(read.string("tensorflow_version")).isEqualTo("2.18.0");
      assertThat(read.string("device_used")).isEqualTo("2 CPU cores");
      assertThat(read.integer("threads_used")).isEqualTo(2);
      assertThat(read.string("data/test_batch.bin")).isEqualTo("d41d8cd9");
      assertThat(read.has("clipping_dist"))
          .isEqualTo(model == ModelKind.CLIPPED_RELATIVE_PERFORMER);
      assertThat(read.has("pos_scales")).isEqualTo(model == ModelKind.RELATIVE_PERFORMER);
    }
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void aBuilderStartsFromAConfiguration(ModelKind model) {
    assertThat(unusual(model).toBuilder().build()).isEqualTo(unusual(model));
    assertThat(unusual(model).toBuilder().maxEpochs(99).build().maxEpochs()).isEqualTo(99);
  }

  @Test
  void theModelHasTheShapeOfTheData() {
    var model = unusual(ModelKind.CLIPPED_RELATIVE_PERFORMER).modelConfig();
    assertThat(model.height()).isEqualTo(41);
    assertThat(model.width()).isEqualTo(41);
    assertThat(model.channels()).isEqualTo(3);
    assertThat(model.numClasses()).isEqualTo(10);
    assertThat(model.clippingDist()).isEqualTo(3);
    assertThat(model.classTokenPosition()).isEqualTo(ClassTokenPosition.NONE);
    assertThat(model.maxPos()).isEqualTo(32);
  }

  @Test
  void hparamsOfOtherProgramsNeedOnlyModelAndDataset() {
    HParams few =
        HParams.of(
            Map.of("model", "RelativePerformer", "dataset", "FashionMNIST", "foreign", true));
    TrainingConfig config = TrainingConfig.fromHParams(few);
    assertThat(config.model()).isEqualTo(ModelKind.RELATIVE_PERFORMER);
    assertThat(config.dim()).isEqualTo(128);
  }

  @Test
  void hparamsThatAreWrongAreRefusedWithAllProblems() {
    assertThatThrownBy(
            () ->
                TrainingConfig.fromHParams(
                    HParams.of(Map.of("model", "Transformer", "dataset", "MNIST"))))
        .hasMessage(
            "unknown model 'Transformer'; known models: Performer, NoposPerformer,"
                + " RelativePerformer, ClippedRelativePerformer");
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
}
