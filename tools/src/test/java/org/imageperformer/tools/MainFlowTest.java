package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.cli.RunResults;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/using.md shows, in its order, on a small scale: one run goes through all commands. */
class MainFlowTest {
  @TempDir static Path folder;

  private static Cli training;
  private static Path run;

  @BeforeAll
  static void train() {
    training =
        Cli.run(TinyRun.arguments(folder.resolve("runs"), "RelativePerformer", "--exp-name=flow"));
    run = folder.resolve("runs/flow/version_0");
  }

  private static Results results() {
    return Results.read(run.resolve("results.json"));
  }

  @Test
  void trainSaysWhatItDoes() {
    Results results = results();

    assertThat(training.status()).as(training.err()).isZero();
    assertThat(training.out())
        .startsWith("RelativePerformer on MNISTSample\nseed 3\npart ")
        .containsPattern("\ntotal +1,926 ")
        .endsWith(
            String.format(
                Locale.ROOT,
"""
best: epoch 1, step 5, val/loss %.4f, val/acc %.4f
test/loss %.4f, test/acc %.4f
run directory: %s
""",
                results.valLoss(),
                results.valAcc(),
                results.testLoss(),
                results.testAcc(),
                run));
    assertThat(training.err())
        .contains(
            "run directory: " + run + "\n23 images to train on, 11 to validate on, 13 to test on\n")
        .contains("\ntraining ended: max_epochs 1 reached\n")
        .containsPattern("epoch 1/1  step 5  train loss \\d\\.\\d{4} acc .*  best\n")
        .doesNotContain("\r", "\u001b");
  }

  @Test
  void trainLeavesTheFilesOfARun() throws IOException {
    try (var files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString().replaceFirst("\\d{9,}.*", "*")))
          .containsExactlyInAnyOrder(
              ".lock",
              "checkpoints",
              "events.out.tfevents.*",
              "hparams.json",
              "metrics.csv",
              "results.json",
              "saved_model");
    }
  }

  @Test
  void testFindsTheResultsOfTheTraining() throws IOException {
    Path table = folder.resolve("test.csv");

    Cli result = Cli.run("test", run.toString(), "--output", table.toString());

    Results trained = results();
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .containsPattern(
            "val/loss +" + RunResults.text(trained.valLoss()).replaceFirst("\\d$", "\\\\d"))
        .containsPattern("test/acc +" + RunResults.text(trained.testAcc()))
        .containsPattern("n_parameters +1926");
    List<String> lines = Files.readAllLines(table);
    assertThat(lines.get(0)).isEqualTo(",0");
    assertThat(lines).contains("model,RelativePerformer", "heads,2", "n_parameters,1926");
    assertThat(Double.parseDouble(value(lines, "val/loss")))
        .isCloseTo(trained.valLoss(), within(1e-5));
    assertThat(Double.parseDouble(value(lines, "test/loss")))
        .isCloseTo(trained.testLoss(), within(1e-5));
    assertThat(Double.parseDouble(value(lines, "test/acc"))).isEqualTo(trained.testAcc());
  }

  private static String value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ","))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void testRecursiveFindsTheRun() throws IOException {
    Path table = folder.resolve("all.csv");

    Cli result =
        Cli.run("test-recursive", folder.resolve("runs").toString(), "--output", table.toString());

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("run_dir ")
        .contains(run.toString())
        .contains(RunResults.text(results().testAcc()));
    assertThat(Files.readAllLines(table))
        .hasSize(2)
        .last()
        .asString()
        .startsWith(run.toString() + ",RelativePerformer,MNISTSample,");
  }

  @Test
  void testShiftedMovesImages() throws IOException {
    Path table = folder.resolve("shift.csv");
    Path picture = folder.resolve("shift.svg");

    Cli result =
        Cli.run(
            "test-shifted",
            run.toString(),
            "--labels",
            "1",
            "7",
            "--min-shift=1",
            "--output",
            table.toString());

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(4).first().asString().startsWith("run_dir ");
    assertThat(Files.readAllLines(table))
        .hasSize(4)
        .startsWith(",run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std");
    assertThat(Cli.run("plot-shift", table.toString(), "--output", picture.toString()).status())
        .isZero();
    assertThat(picture).isNotEmptyFile();
  }

  @Test
  void predictNamesClassAndProbability() throws IOException {
    Path image = folder.resolve("square.png");
    BufferedImage square = new BufferedImage(28, 31, BufferedImage.TYPE_BYTE_GRAY);
    square.createGraphics().fillRect(9, 9, 11, 13);
    ImageIO.write(square, "png", image.toFile());
    Path text = Files.writeString(folder.resolve("note.txt"), "no image");

    Cli table = Cli.run("predict", run.toString(), image.toString());
    Cli json =
        Cli.run(
            "predict",
            run.resolve("saved_model").toString(),
            image.toString(),
            text.toString(),
            "--json");

    assertThat(json.status()).isEqualTo(1);
    assertThat(json.err())
        .isEqualTo(
            "note: "
                + image
                + ": 28x31 padded to 7x7\n"
                + "error: "
                + text
                + ": not a PNG, JPEG, BMP, GIF, WebP or PNM picture\n");
    JsonArray outcomes = JsonParser.parseString(json.out()).getAsJsonArray();
    JsonObject predicted = outcomes.get(0).getAsJsonObject();
    JsonObject probabilities = predicted.getAsJsonObject("probabilities");
    double sum =
        probabilities.entrySet().stream()
            .mapToDouble(entry -> entry.getValue().getAsDouble())
            .sum();
    assertThat(probabilities.keySet())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(sum).isCloseTo(1, within(1e-5));
    String name = predicted.get("class").getAsString();
    double probability = predicted.get("probability").getAsDouble();
    assertThat(probabilities.get(name).getAsDouble()).isEqualTo(probability);
    assertThat(outcomes.get(1).getAsJsonObject().get("error").getAsString())
        .isEqualTo(text + ": not a PNG, JPEG, BMP, GIF, WebP or PNM picture");

    assertThat(table.status()).as(table.err()).isZero();
    assertThat(table.out().lines().skip(1))
        .containsExactly(image + "  " + name + "           " + RunResults.text(probability));
  }

  @Test
  void exportWritesTheSameModelAgain() {
    Path target = folder.resolve("exported/model");

    Cli result = Cli.run("export", run.toString(), "--output", target.toString());

    assertThat(result).isEqualTo(new Cli(0, target + "\n", ""));
    byte[] pixels = new byte[3 * 7 * 7];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (17 * i);
    }
    assertThat(logits(target, pixels)).isDeepEqualTo(logits(run, pixels));
    assertThat(Cli.run("export", run.toString(), "--checkpoint", "last").status()).isZero();
  }

  private static float[][] logits(Path model, byte[] pixels) {
    try (SavedModel saved = SavedModel.load(model, LoadOptions.cpu(1))) {
      Predictions predictions = saved.predict(ByteBuffer.wrap(pixels), 3);
      return new float[][] {predictions.logits(0), predictions.logits(1), predictions.logits(2)};
    }
  }

  @Test
  void exportReplacesNoFolderOfAnotherKind() throws IOException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("thesis.tex"), "42");

    assertThat(Cli.run("export", run.toString(), "--output", precious.toString()))
        .isEqualTo(
            new Cli(
                1,
                "",
                "error: "
                    + precious
                    + " exists and is no SavedModel that this program wrote: choose another"
                    + " --output\n"));
    assertThat(precious.resolve("thesis.tex")).exists();
  }

  @Test
  void equivarianceComparesLogits() throws IOException {
    Path table = folder.resolve("moves.csv");

    Cli result =
        Cli.run("equivariance", run.toString(), "--images", "3", "--output", table.toString());

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("moved ")
        .contains("picture", "edges", "features", "standard deviation");
    // Positions by 6 distances in 4 directions, 4 draws of features; 7 columns leave room for
    // pictures and their edges by 1 at least.
    assertThat(Files.readAllLines(table))
        .hasSizeGreaterThanOrEqualTo(1 + 24 + 4 + 4)
        .startsWith("moved,rows,columns,images,largest_change,mean_change,classes_changed");
  }

  @Test
  void trainGoesOn() throws IOException {
    Path copy = TinyRun.train(folder.resolve("more"), "NoposPerformer");

    Cli result = Cli.run("train", "--resume", copy.toString(), "--max_epochs", "2");

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("seed 3\n");
    assertThat(result.err())
        .contains("going on after step 5\n", "training ended: max_epochs 2 reached\n");
    assertThat(Files.readAllLines(copy.resolve("metrics.csv"))).hasSize(3);
    assertThat(Cli.run("train", "--resume", copy.toString(), "--max_steps", "0", "--patience=-1"))
        .isEqualTo(
            new Cli(
                2,
                "",
"""
error: max_steps is 0, must be at least 1; patience is -1, must be at least 1
./performer train --help shows the usage.
"""));
    assertThat(Cli.run("train", "--resume", copy.toString(), "--dim", "16"))
        .extracting(Cli::status, Cli::err)
        .containsExactly(
            1,
            "error: A run that goes on keeps its options: dim is 8, asked for was 16. Train anew for"
                + " that.\n");
  }
}
