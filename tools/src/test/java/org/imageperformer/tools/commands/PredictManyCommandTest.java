package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked before Spark is needed; the module cluster has the rest. */
class PredictManyCommandTest {
  private static final String MODEL = "../pretrained/performer-mnist";

  @TempDir private Path folder;

  @BeforeEach
  void pictures() throws IOException {
    Files.createDirectories(folder.resolve("deep/deeper"));
    Files.createFile(folder.resolve("deep/deeper/a.png"));
    Files.createFile(folder.resolve("deep/notes.txt"));
  }

  @Test
  void withoutTheEngineItIsSaidWhereToGetIt() {
    Cli cli = run(MODEL, folder.toString(), "x.parquet");

    assertThat(cli.status()).isEqualTo(1);
    assertThat(cli.err())
        .isEqualTo(
            "error: Apache Spark and the module cluster are not on the class path: start this command"
                + " by ./performer, which builds them at its first use, or build them by mvn -Pcluster"
                + " package (docs/cluster.md)\n");
  }

  @Test
  void anOutputMustSayWhatItIs() {
    Cli cli = run(MODEL, folder.toString(), "x.json");

    assertThat(cli.status()).isEqualTo(2);
    assertThat(cli.err()).contains("x.json, must end in .parquet or .csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved_model/m.csv", "checkpoints/best/m.parquet"})
  void aRunsOwnFoldersAreRefused(String name) throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.createDirectory(run.resolve("saved_model"));
    Files.writeString(run.resolve("hparams.json"), "{}");
    Cli cli = run(MODEL, folder.toString(), run.resolve(name).toString());

    assertThat(cli.status()).isEqualTo(1);
    assertThat(cli.err())
        .isEqualTo(
            "error: cannot write "
                + run.resolve(name)
                + ": it is one of a run's own files, choose another --output\n");
  }

  @ParameterizedTest
  @CsvSource({"invert, maybe, 'auto, yes, no'", "fit, squash, 'pad, stretch'"})
  void choicesAreNamed(String option, String word, String known) {
    Cli cli =
        Cli.run(
            "predict-many",
            MODEL,
            "--input",
            folder.toString(),
            "--output",
            "x.csv",
            "--" + option,
            word);

    assertThat(cli.status()).isEqualTo(2);
    assertThat(cli.err())
        .startsWith("error: unknown " + option + " '" + word + "'; known: " + known + "\n");
  }

  @Test
  void inputsThatAreNoPicturesAreNamed() {
    assertThat(run(MODEL, folder + "/none", "x.csv").err())
        .startsWith("error: input is " + folder + "/none, but there is no such file or folder");
    assertThat(run(MODEL, folder + "/deep/*.png", "x.csv").err())
        .startsWith("error: input is " + folder + "/deep/*.png, but there are no pictures: ");
    assertThat(run(MODEL, "s3a://bucket/x.png", "x.csv").err())
        .startsWith("error: input is s3a://bucket/x.png: pictures are read as files that all");
    Cli two =
        Cli.run("predict-many", MODEL, "--output", "x.csv", "--input", "a.parquet", "b.parquet");
    assertThat(two.err()).startsWith("error: input is a Parquet table, a.parquet, and more");
    assertThat(two.status()).isEqualTo(2);
  }

  @Test
  void patternsLeadIntoFolders() {
    assertThat(run(MODEL, folder + "/**.png", "x.csv").err())
        .startsWith("error: Apache Spark and the module");
  }

  @Test
  void aModelThatIsNotThereIsNamed() {
    assertThat(run(folder.toString(), folder.toString(), "x.csv").err())
        .startsWith("error: there is no SavedModel in " + folder);
  }

  @Test
  void propertiesMustBeSparks() {
    Cli cli =
        Cli.run(
            "predict-many",
            MODEL,
            "--input",
            folder.toString(),
            "--output",
            "x.csv",
            "--spark_conf",
            "memory=1g");

    assertThat(cli.status()).isEqualTo(2);
    assertThat(cli.err()).startsWith("error: spark_conf is memory=1g, must be KEY=VALUE");
  }

  private static Cli run(String model, String input, String output) {
    return Cli.run("predict-many", model, "--output", output, "--input", input);
  }
}
