package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of another model than a run's options say: refused with the list of differences. */
class MismatchTest {
  @TempDir static Path trained;

  private static Path original;
  private static Path wider;

  @TempDir Path folder;

  /** A copy of the original, to be spoilt. */
  private Path run;

  @BeforeAll
  static void train() {
    original = TinyRun.train(trained.resolve("a"), "Performer", "--depth=1");
    wider = TinyRun.train(trained.resolve("b"), "NoposPerformer", "--depth=1", "--dim=12");
  }

  @BeforeEach
  void copy() throws IOException {
    run = folder.resolve("run");
    copy(original, run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"best", "last"})
  void exportListsWhatDoesNotFit(String slot) throws IOException {
    replace("checkpoints/" + slot);

    Cli result = Cli.run("export", run.toString(), "--checkpoint", slot);

    assertThat(result.status()).isEqualTo(1);
    assertDifferences(result.err(), slot);
  }

  @Test
  void resumeListsWhatDoesNotFitAndChangesNothing() throws IOException {
    replace("checkpoints/last");
    String hparams = Files.readString(run.resolve("hparams.json"));
    String metrics = Files.readString(run.resolve("metrics.csv"));

    Cli result = Cli.run("train", "--resume", run.toString(), "--max_epochs=2");

    assertThat(result.status()).isEqualTo(1);
    assertDifferences(result.err(), "last");
    assertThat(run.resolve("hparams.json")).hasContent(hparams);
    assertThat(run.resolve("metrics.csv")).hasContent(metrics);
  }

  @Test
  void theBestOfAnotherModelIsNotTested() throws IOException {
    replace("checkpoints/best");

    // Its steps are done: what is left is to test the best checkpoint.
    Cli result = Cli.run("train", "--resume", run.toString());

    assertThat(result.status()).isEqualTo(1);
    assertDifferences(result.err(), "best");
  }

  /** Whatever builds the model by its options, or trains it, would leave one out. */
  @ParameterizedTest
  @ValueSource(strings = {"train --resume", "export", "equivariance", "reproduce"})
  void optionsOfANewerVersionAreRefused(String command) throws IOException {
    Path hparams = run.resolve("hparams.json");
    String newer = Files.readString(hparams).replaceFirst("\\{", "{\n  \"rotary_base\": 10000,");
    Files.writeString(hparams, newer);
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.add(run.toString());

    Cli result = Cli.run(words.toArray(String[]::new));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .endsWith(
            "error: "
                + hparams
                + " has options that this version does not know: rotary_base. Go on with the"
                + " version that made the run.\n");
    assertThat(hparams).hasContent(newer);
  }

  private void assertDifferences(String err, String slot) {
    assertThat(err.lines().reduce((a, b) -> b).orElseThrow())
        .startsWith(
            "error: checkpoint " + run.resolve("checkpoints").resolve(slot) + " does not fit")
        .contains(" is [", " instead of [", "missing ")
        .endsWith("Its hparams.json, or the checkpoint, is that of another run.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test", "test-shifted --min_shift=1"})
  void aSavedModelOfAnotherRunIsRefused(String words) throws IOException {
    replace("saved_model");
    Path table = folder.resolve("table.csv");

    Cli result = Cli.run((words + " " + run + " --output=" + table).split(" "));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            run.resolve("saved_model")
                + " is not the model of this run: model is Performer in hparams.json, but"
                + " NoposPerformer in model.json; dim is 8 in hparams.json, but 12 in model.json");
  }

  /** Puts a part of the other run into this one. */
  private void replace(String part) throws IOException {
    delete(run.resolve(part));
    copy(wider.resolve(part), run.resolve(part));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
