package org.imageperformer.tools.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.gsa.GsaFamily;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.tools.Cli;
import org.imageperformer.tools.TinyRun;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.EngineOptions;
import org.imageperformer.training.engine.ImageBatch;
import org.imageperformer.training.engine.Scaling;
import org.imageperformer.training.engine.TrainingGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
  private static final int IMAGES = 5;

  @TempDir Path folder;

  static List<String> models() {
    return ModelFamilies.models();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"RelativePerformer", "EquivariantPerformer", "GroupSelfAttention", "ResNet18"})
  void theSavedModelIsThatOfTheTraining(String model) throws IOException, InterruptedException {
    checkSavedModel(model);
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("slow") // one of each family is in every run of the tests
  void theSavedModelOfEveryModelIsThatOfTheTraining(String model)
      throws IOException, InterruptedException {
    checkSavedModel(model);
  }

  private void checkSavedModel(String model) throws IOException, InterruptedException {
    Path run = TinyRun.train(folder, model);

    TrainingConfig config = SavedRun.open(run).config();
    ImageSet images =
        Datasets.loadOffline(Datasets.info("MNISTSample"), folder, config.get(IMAGE_SIZE))
            .test()
            .first(IMAGES);
    float[][] expected = trained(config, run.resolve("checkpoints/best"), images);
    ByteBuffer bytes = ByteBuffer.allocate(IMAGES * images.imageBytes());
    for (int i = 0; i < IMAGES; i++) {
      images.copyImage(i, bytes);
    }
    try (SavedModel saved = SavedModel.load(run, LoadOptions.cpu(1))) {
      Predictions predictions = saved.predict(bytes.flip(), IMAGES);
      for (int i = 0; i < IMAGES; i++) {
        // GSA-Nets sum over pixels and elements: their logits are tens.
        boolean sums = model.equals(GsaFamily.GROUP_SELF_ATTENTION);
        float scale = sums ? Math.max(1, expected[i][largest(expected[i])]) : 1;
        assertThat(predictions.logits(i)).containsExactly(expected[i], within(1e-5f * scale));
      }
    }
    if (model.equals(PerformerFamily.RELATIVE_PERFORMER)) {
      assertThat(elsewhere(run, bytes.rewind()))
          .isEqualTo(
              Arrays.stream(expected)
                  .map(row -> Integer.toString(largest(row)))
                  .collect(Collectors.joining(" ", "", "\n")));
    }
  }

  /** What the training's own graph says of the weights of a checkpoint. */
  private static float[][] trained(TrainingConfig config, Path checkpoint, ImageSet images) {
    EngineOptions options = new EngineOptions(1, IMAGES, 1, 1, PassOptions.PLAIN);
    try (TrainingGraph graph = new TrainingGraph(config.spec(), Scaling.of(config), options)) {
      graph.restoreWeights(checkpoint);
      return graph.logits(ImageBatch.of(images, IntStream.range(0, IMAGES).toArray()));
    }
  }

  private static int largest(float[] row) {
    return IntStream.range(0, row.length).reduce((a, b) -> row[b] > row[a] ? b : a).orElseThrow();
  }

  /** The classes that a program without any of our classes gets from the SavedModel. */
  private String elsewhere(Path run, ByteBuffer images) throws IOException, InterruptedException {
    Path file = folder.resolve("images");
    byte[] bytes = new byte[images.remaining()];
    images.get(bytes);
    Files.write(file, bytes);
    String tensorFlow =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.matches(".*(tensorflow|ndarray|javacpp|protobuf)[^/]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                tensorFlow,
                Path.of("src/test/resources/elsewhere/LoadSavedModel.java").toString(),
                run.resolve("saved_model").toString(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }

  @Test
  void oneSeedGivesTheSameLosses() throws IOException {
    Path first = TinyRun.train(folder, "Performer", "--max_epochs=2");
    Path second = TinyRun.train(folder, "Performer", "--max_epochs=2");

    assertThat(first).hasFileName("version_0");
    assertThat(second).hasFileName("version_1");
    assertThat(metrics(first)).hasSize(3).isEqualTo(metrics(second));
  }

  @Test
  void withoutASeedOneIsDrawnAndShown() throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of(TinyRun.arguments(folder, "NoposPerformer", "--version=drawn")));
    arguments.remove("--seed=3");

    Cli result = Cli.run(arguments.toArray(String[]::new));

    assertThat(result.status()).isZero();
    String shown = result.out().lines().skip(1).findFirst().orElseThrow();
    Path run = folder.resolve("default/drawn");
    assertThat(shown).matches("seed \\d+");
    assertThat(Files.readString(run.resolve("hparams.json")))
        .contains("\"" + shown.replace(" ", "\": ") + ",");
    assertThat(metrics(run)).isNotEqualTo(metrics(TinyRun.train(folder, "NoposPerformer")));
  }

  /** metrics.csv without the columns that measure time. */
  private static List<String> metrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(line -> line.replaceFirst(",[^,]*,[^,]*$", ""))
        .toList();
  }

  @Test
  void aLogPathThatCannotBeWrittenLeavesNothingBehind() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");

    Cli result = Cli.run(TinyRun.arguments(file.resolve("runs"), "NoposPerformer"));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "error: cannot create a run in "
                + file.resolve("runs/default")
                + ": not a directory ("
                + file.resolve("runs")
                + ")\n");
    assertThat(folder).isDirectoryContaining(file::equals);
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"pictures, x", "pictures/runs, x", "link/deep/er, x", "'', pictures"})
  void runsAmongPicturesAreRefused(String logPath, String experiment) throws IOException {
    Path pictures = folder.resolve("pictures");
    for (String name : List.of("cat", "dog")) {
      Path ofClass = Files.createDirectories(pictures.resolve(name));
      Files.createFile(ofClass.resolve("0.png"));
      Files.createFile(ofClass.resolve("1.png"));
    }
    Files.createSymbolicLink(folder.resolve("link"), pictures);
    Path runs = folder.resolve(logPath);

    Cli result =
        Cli.run(
            "train",
            "Performer",
            pictures.toString(),
            "--log_path=" + runs,
            "--exp_name=" + experiment);

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith(
            "error: log_path is "
                + runs
                + ": the run would lie in "
                + runs.resolve(experiment)
                + ", among the pictures of "
                + pictures
                + ", and be taken for a class of them. Choose another --log_path");
    assertThat(pictures.toFile().list()).containsExactlyInAnyOrder("cat", "dog");
  }

  @Test
  void aSplitThatLeavesNoImagesIsSaid() {
    Cli result =
        Cli.run(
            "train",
            "NoposPerformer",
            "MNISTSample",
            "--val_split",
            "5000",
            "--log_path",
            folder.resolve("runs").toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "error: A validation split of 5000 from 5000 training images: expected at least 1 and"
                + " at most 4999, so that images are left to train on.\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aLossThatIsNotFiniteEndsTheTraining() {
    Cli result =
        Cli.run(
            TinyRun.arguments(
                folder, "NoposPerformer", "--learning_rate=1e30", "--gradient_clip_val=0"));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().lines().reduce((a, b) -> b).orElseThrow())
        .matches("error: The (loss|norm of the gradients) is (NaN|Infinity) at step \\d .*");
    assertThat(folder.resolve("default/version_0")).doesNotExist();
  }

  @Test
  void aGpuThatIsNotThereIsSaid() {
    Cli result = Cli.run(TinyRun.arguments(folder, "NoposPerformer", "--device=gpu"));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("error: --device gpu: there is no GPU that TensorFlow can use. ")
        .endsWith(" Choose --device cpu, or see ./performer doctor.\n");
    assertThat(folder.resolve("default")).doesNotExist();
  }
}
