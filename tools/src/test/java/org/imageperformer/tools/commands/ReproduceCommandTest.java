package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.tools.Cli;
import org.imageperformer.tools.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceCommandTest {
  @TempDir Path folder;

  @Test
  void saysWhetherARunCanBeHadAgain() throws IOException {
    Path run = TinyRun.train(folder, "NoposPerformer", "--max_epochs=2", "--threads=2");

    Cli same = Cli.run("reproduce", run.toString());

    assertThat(same.status()).as(same.err()).isZero();
    assertThat(same.out())
        .contains(
            "run directory: " + run.resolveSibling("version_0_reproduced"),
            "identical: metrics, results and the weights of both checkpoints")
        .doesNotContain(" was ");

    // A run of which it is said that it had another seed parts from it at once.
    Path hparams = run.resolve("hparams.json");
    String options = Files.readString(hparams);
    Files.writeString(
        hparams,
        options
            .replace("\"seed\": 3", "\"seed\": 4")
            .replaceFirst("\"git_commit\": [^,]*", "\"git_commit\": \"0123abc\"")
            .replaceFirst("(\"data/.*\": )\"", "$1\"0"));
    assertThat(Files.readString(hparams)).isNotEqualTo(options);

    Cli other = Cli.run("reproduce", run.toString(), "--version", "other");

    assertThat(other.status()).isEqualTo(1);
    assertThat(other.out())
        .containsPattern("\ngit_commit was 0123abc, is (unknown|[0-9a-f]{40}(-dirty)?)\n")
        .containsPattern("\ndata/\\S+ was 0[0-9a-f]{32}, is [0-9a-f]{32}\n")
        .contains("not identical:", "metrics.csv: they part in epoch 1: train/loss was ")
        .containsPattern("results.json: val/loss was \\d+\\.\\d+, is \\d+\\.\\d+[;\n]")
        .containsPattern("checkpoint best: \\d+ of \\d+ weights differ, by at most ")
        .containsPattern("checkpoint last: \\d+ of \\d+ weights differ, by at most ");
  }

  @Test
  void refusesARunThatHasNotEnded() throws IOException {
    Path run = TinyRun.train(folder, "NoposPerformer");
    Files.delete(run.resolve("results.json"));

    Cli result = Cli.run("reproduce", run.toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("error: " + run + " has no results.json: its training has not ended");
    assertThat(run.resolveSibling("version_0_reproduced")).doesNotExist();
  }
}
