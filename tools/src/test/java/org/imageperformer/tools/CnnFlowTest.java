package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.ModelExport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The convolutional networks on the command line: what is theirs is BatchNorm. */
class CnnFlowTest {
  private static final int IMAGES = 7;

  @TempDir Path folder;

  /** With dropout, running averages, and a single image that is left over. */
  @ParameterizedTest
  @ValueSource(strings = {"AlexNet", "ResNet18"})
  void anInterruptedTrainingEndsWithTheSameBits(String model) throws IOException {
    Path whole =
        TinyRun.train(folder.resolve("whole"), model, "--limit_train=21", "--max_epochs=2");
    Path first = TinyRun.train(folder.resolve("first"), model, "--limit_train=21");
    byte[] before = weights(first);
    Cli resumed = Cli.run("train", "--resume", first.toString(), "--max_epochs", "2");

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(weights(first)).isNotEqualTo(before).isEqualTo(weights(whole));
    assertThat(metrics(first)).isEqualTo(metrics(whole)).hasSize(3);
  }

  /** Of the last checkpoint, with what the optimizer keeps. */
  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("checkpoints/last/tensors.data-00000-of-00001"));
  }

  /** The columns that do not tell time. */
  private static List<List<String>> metrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(line -> List.of(line.split(",")).subList(0, 7))
        .toList();
  }

  /** The averages of the training are taken, not those of the batch. */
  @Test
  void aPredictionDoesNotDependOnItsBatch() throws IOException {
    Path run = TinyRun.train(folder, "ResNet18");
    try (SavedModel model = SavedModel.load(run, LoadOptions.cpu(1))) {
      int size = 32 * 32;
      byte[] images = new byte[IMAGES * size];
      for (int i = 0; i < images.length; i++) {
        images[i] = (byte) (i * (i / size + 3)); // each has a pattern of its own
      }
      Predictions together = model.predict(ByteBuffer.wrap(images), IMAGES);
      for (int i = 0; i < IMAGES; i++) {
        Predictions alone = model.predict(ByteBuffer.wrap(images, i * size, size).slice(), 1);
        assertThat(alone.logits(0)).containsExactly(together.logits(i), within(1e-5f));
      }
      assertThat(together.logits(0)).isNotEqualTo(together.logits(1));
    }
    assertThat(Files.readString(run.resolve("saved_model/assets.extra/model.json")))
        .contains("\"key_stabilizer\": \"example\"");
  }

  /** 134 million weights, more than half a gigabyte. */
  @Test
  @Tag("slow")
  void theLargestNetworkCanBeReadAgain() {
    TrainingConfig config =
        TrainingConfig.builder("VGG16", Datasets.info("MNISTSample")).set(SEED, 1).build();
    Path target = folder.resolve("saved_model");
    new ModelExport("test")
        .write(config, config.spec().outline().weights().initialValues(1), target);

    try (SavedModel model = SavedModel.load(target, LoadOptions.cpu(1))) {
      Predictions predictions = model.predict(ByteBuffer.allocate(model.info().imageBytes()), 1);
      assertThat(predictions.probabilities(0)).hasSize(10);
      assertThat(predictions.probabilities(0)[0]).isBetween(0f, 1f);
    }
  }

  @Test
  void aBatchWithoutVarianceIsRefused() {
    Cli result = Cli.run(TinyRun.arguments(folder, "ResNet18", "--batch_size=1"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "batch_size is 1, must be at least 2: ResNet18 is trained on no fewer images at once");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anImageOfWhichNothingWouldBeLeftIsRefused() {
    Cli result = Cli.run(TinyRun.arguments(folder, "VGG16", "--image_size=31"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("VGG16 takes images of at least 32x32, not 31x31");
    assertThat(folder).isEmptyDirectory();
  }
}
