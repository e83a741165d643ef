package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFileTest {
  @TempDir Path folder;
  private Path run;

  @BeforeEach
  void makeRun() throws IOException {
    run = Files.createDirectories(folder.resolve("runs/version_0"));
    Files.createDirectories(run.resolve("saved_model/assets.extra"));
    Files.createDirectories(run.resolve("checkpoints/best"));
    Files.writeString(run.resolve("hparams.json"), "{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hparams.json",
        "metrics.csv",
        "results.json",
        "events.out.tfevents.1.000",
        "saved_model/saved_model.pb",
        "saved_model/assets.extra/model.json",
        "checkpoints/best/state.json",
        "saved_model/../hparams.json",
        "../version_0/metrics.csv",
      })
  void refusesARunsOwnFiles(String name) throws IOException {
    Path file = run.resolve(name);
    assertThatThrownBy(() -> OutputFile.check(file))
        .isInstanceOf(EvalException.class)
        .hasMessage(
            "cannot write " + file + ": it is one of a run's own files, choose another --output");
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, run);
    Path linked = link.resolve(name);
    assertThatThrownBy(() -> OutputFile.check(linked)).isInstanceOf(EvalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"test.csv", "report.html", "results.csv", "../metrics.csv"})
  void takesWhatIsNotTheRuns(String name) {
    OutputFile.check(run.resolve(name));
  }

  @Test
  void refusesWhatIsRead() throws IOException {
    Path table = Files.writeString(folder.resolve("shift.svg"), "table");
    Path other = folder.resolve("runs/../shift.svg");
    assertThatThrownBy(() -> OutputFile.check(other, List.of(table)))
        .hasMessage("cannot write " + other + ": it is what is read, choose another --output");
    OutputFile.check(folder.resolve("new.svg"), List.of(table, folder.resolve("missing")));
  }
}
