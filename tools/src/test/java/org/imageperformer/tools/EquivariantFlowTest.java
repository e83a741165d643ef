package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.savedmodels.Results;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EquivariantPerformer on the command line: digits moved inside their margins keep their loss. */
class EquivariantFlowTest {
  private static final String MODEL = "EquivariantPerformer";

  @TempDir Path folder;

  private Path train(String name, String... more) {
    return TinyRun.train(folder.resolve(name), MODEL, more);
  }

  /** Rows of the table of shifts: accuracy and loss. */
  private List<double[]> shifted(Path run) throws IOException {
    Path table = folder.resolve("shift.csv");
    Cli result =
        Cli.run(
            "test-shifted",
            run.toString(),
            "--labels",
            "0,1,2,3,4,5,6,7,8,9",
            "--min-shift=2",
            "--output",
            table.toString());
    assertThat(result.status()).as(result.err()).isZero();
    List<String> lines = Files.readAllLines(table);
    assertThat(lines)
        .hasSize(6)
        .startsWith(",run_dir,shift,accuracy_mean,accuracy_std,loss_mean,loss_std");
    return lines.stream()
        .skip(1)
        .map(line -> line.split(","))
        .map(row -> new double[] {Double.parseDouble(row[3]), Double.parseDouble(row[5])})
        .toList();
  }

  @Test
  void movesChangeNeitherAccuracyNorLoss() throws IOException {
    requireUnmoved("elu");
  }

  @Test
  @Tag("slow")
  void movesChangeNeitherAccuracyNorLossOfRandomFeatures() throws IOException {
    requireUnmoved("favor");
  }

  private void requireUnmoved(String features) throws IOException {
    Path run =
        train(
            features,
            "--features=" + features,
            "--image_size=16",
            "--learning_rate=0.03",
            "--max_epochs=4",
            "--limit_train=100");
    List<double[]> rows = shifted(run);
    for (double[] row : rows) {
      assertThat(row[0]).isEqualTo(rows.get(0)[0]);
      assertThat(row[1]).isCloseTo(rows.get(0)[1], within(1e-5));
    }
  }

  /**
   * The same moves, and a model whose positions are absolute. With a learning rate of 0.03 it would
   * answer nearly the same to all pictures.
   */
  @Test
  @Tag("slow")
  void movesShowInPerformer() throws IOException {
    Path run =
        TinyRun.train(
            folder.resolve("absolute"),
            "Performer",
            "--image_size=16",
            "--learning_rate=0.003",
            "--max_epochs=8",
            "--limit_train=100");
    List<double[]> rows = shifted(run);
    assertThat(Math.abs(rows.get(0)[1] - rows.get(4)[1])).isGreaterThan(1e-3);
  }

  @Test
  @Tag("slow")
  void inBfloat16MovesChangeTheLossByItsRounding() throws IOException {
    Path run = train("bf16", "--precision=bf16", "--image_size=16", "--limit_train=60");
    List<double[]> rows = shifted(run);
    for (double[] row : rows) {
      assertThat(row[1]).isCloseTo(rows.get(0)[1], within(0.01));
    }
  }

  /** Random features are redrawn as if there had been no break. */
  @Test
  @Tag("slow")
  void anInterruptedTrainingGoesOnAsIfItHadNot() {
    String[] more = {"--features=favor", "--feature_redraw_interval=3", "--attn_dropout=0.2"};
    Path whole = train("whole", more[0], more[1], more[2], "--max_epochs=2");
    Path first = train("first", more);
    Cli resumed = Cli.run("train", "--resume", first.toString(), "--max_epochs", "2");

    assertThat(resumed.status()).as(resumed.err()).isZero();
    Results expected = Results.read(whole.resolve("results.json"));
    Results found = Results.read(first.resolve("results.json"));
    assertThat(found.testLoss()).isCloseTo(expected.testLoss(), within(1e-6));
    assertThat(found.valLoss()).isCloseTo(expected.valLoss(), within(1e-6));
  }

  @Test
  void optionsOfTheOtherPerformersAreRefused() {
    for (String option :
        List.of(
            "--no_projection", "--pos_scales=2", "--clipping_dist=3", "--key_stabilizer=batch")) {
      Cli result = Cli.run("train", MODEL, "MNISTSample", option);
      assertThat(result.status()).isEqualTo(2);
      assertThat(result.err())
          .contains(option.replaceAll("^--|=.*", "").replace('-', '_'))
          .contains("not of " + MODEL);
    }
  }
}
