package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is checked before Spark is needed; the module cluster has the rest. */
class SweepTrainingsCommandTest {
  @TempDir private Path folder;

  @Test
  void aSweepThatFitsNeedsTheEngine() throws IOException {
    Cli cli =
        sweep(
            """
            {"model": "Performer", "dataset": "MNISTSample", "max-epochs": 1, "no_projection": true,
             "grid": {"dim": [64, 128], "lr": ["0.01", 1e-3]},
             "runs": [{"heads": 2}, {"heads": 4, "content_rel_attn": false}]}
            """);

    assertThat(cli.err())
        .startsWith(
            "8 runs, 0 of them finished before\nerror: Apache Spark and the module cluster");
    assertThat(cli.status()).isEqualTo(1);
  }

  @Test
  void allProblemsAreSaidAtOnce() throws IOException {
    Cli cli =
        sweep(
            """
            {"model": "Performer", "dim": 64, "log_path": "x", "threads": 2,
             "grid": {"dim": [64, 128], "batchsize": [1], "seed": [1, 1]}}
            """);

    assertThat(cli.status()).isEqualTo(2);
    assertThat(cli.err())
        .contains(
            "\"log_path\" cannot be set here: the sweep gives each run its folder, below --output",
            "\"threads\" cannot be set here: the option --threads of the command says it for all runs",
            "unknown option \"batchsize\", did you mean batch_size?",
            "\"dim\" is both fixed and varied",
            "\"dataset\" is missing",
            "the run dim=64_seed=1 stands there twice");
  }

  @Test
  void valuesAreCheckedAsTrainDoes() throws IOException {
    Cli one =
        sweep(
            """
            {"model": "Performer", "dataset": "MNISTSample", "grid": {"heads": [2, 3], "dim": [64]}}
            """);
    Cli all =
        sweep(
            """
            {"model": "Performer", "dataset": "MNISTSample", "sched_decay_factor": "much",
             "grid": {"heads": [2, 4]}}
            """);

    assertThat(one.status()).isEqualTo(2);
    assertThat(one.err())
        .contains("sweep.json: heads=3_dim=64: heads 3 does not divide dim 64\n")
        .doesNotContain("heads=2");
    assertThat(all.err()).containsOnlyOnce("sched_decay_factor").doesNotContain("heads=2");
  }

  @Test
  void anotherFormIsNamed() throws IOException {
    assertThat(sweep("{\"dim\": [1, 2]}").err())
        .contains(
            "is no sweep: \"dim\" should be a number, a text, true or false, found a list: those"
                + " stand in \"grid\" (docs/cluster.md shows one)");
    assertThat(sweep("{\"dim\": 1, \"dim\": 2}").err()).contains("\"dim\" stands there twice");
    assertThat(sweep("[1]").err()).contains("is no sweep: ");
    assertThat(sweep("{\"grid\": {\"dim\": []}}").err()).contains("\"dim\" has no values");
    assertThat(sweep("").err()).contains("is no sweep: ");
    assertThat(sweep("{} {}").err()).contains("is no sweep: ");
    assertThat(Cli.run("sweep", folder + "/none.json", "--output", "x").err())
        .startsWith("error: cannot read " + folder + "/none.json: ");
  }

  private Cli sweep(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("sweep.json"), json);
    return Cli.run("sweep", file.toString(), "--output", folder.resolve("out").toString());
  }
}
