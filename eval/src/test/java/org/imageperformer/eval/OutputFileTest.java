package org.imageperformer.eval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.eval.OutputFile.Content.PAGE;
import static org.imageperformer.eval.OutputFile.Content.PICTURE;
import static org.imageperformer.eval.OutputFile.Content.TABLE;

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
    assertThatThrownBy(() -> OutputFile.check(file, TABLE))
        .isInstanceOf(EvalException.class)
        .hasMessage(
            "cannot write " + file + ": it is one of a run's own files, choose another --output");
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, run);
    Path linked = link.resolve(name);
    assertThatThrownBy(() -> OutputFile.check(linked, TABLE)).isInstanceOf(EvalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"test.csv", "report.html", "results.csv", "../metrics.csv"})
  void takesWhatIsNotTheRuns(String name) {
    OutputFile.check(run.resolve(name), TABLE);
  }

  @Test
  void refusesWhatIsRead() throws IOException {
    Path table = Files.writeString(folder.resolve("shift.svg"), "table");
    Path other = folder.resolve("runs/../shift.svg");
    assertThatThrownBy(() -> OutputFile.check(other, PICTURE, List.of(table)))
        .hasMessage("cannot write " + other + ": it is what is read, choose another --output");
    OutputFile.check(folder.resolve("new.svg"), PICTURE, List.of(table, folder.resolve("missing")));
  }

  /** Their names say nothing, and nobody keeps a second copy of a data set. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0\0\u0008\u0003\0\0,`\0\0\0\u001c", // IDX
        "\u001f\u008b\u0008,", // gzip
        "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR,",
        "\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF,",
        "0.000 0.125 1.000 7\n0.000 0.000 0.000 2\n", // .amat
        "P2\n2 1\n255\n65 200\n",
        "model: Performer\nversion: a, b\n",
      })
  void refusesFilesOfDataSets(String content) throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte");
    Files.write(file, content.getBytes(ISO_8859_1));
    Path link = Files.createSymbolicLink(folder.resolve("out.csv"), file);
    Path hard = Files.createLink(folder.resolve("hard.csv"), file);
    for (Path name : List.of(file, link, hard)) {
      assertThatThrownBy(() -> OutputFile.check(name, TABLE))
          .isInstanceOf(EvalException.class)
          .hasMessage(
              "cannot write "
                  + name
                  + ": there is a file of another kind, not a table; choose another --output, or"
                  + " remove it");
      assertThatThrownBy(() -> OutputFile.check(name, PAGE)).isInstanceOf(EvalException.class);
    }
  }

  @Test
  void replacesFilesOfTheKind() throws IOException {
    Path file = folder.resolve("file");
    for (String content : List.of("", "run,test/acc\r\nR,0.9\r\n")) {
      Files.writeString(file, content);
      OutputFile.check(file, TABLE);
    }
    Files.writeString(file, "<!DOCTYPE html><title>a, b</title>");
    OutputFile.check(file, PAGE);
    Files.writeString(file, "\n<svg/>");
    OutputFile.check(file, PICTURE);
    Files.write(file, "\u0089PNG\r\n".getBytes(ISO_8859_1));
    OutputFile.check(file, PICTURE);
    OutputFile.check(Path.of("/dev/null"), TABLE);
  }

  @Test
  void refusesWhatIsReadByAHardLink() throws IOException {
    Path table = Files.writeString(folder.resolve("shift.csv"), "a,b");
    Path hard = Files.createLink(folder.resolve("hard.csv"), table);
    assertThatThrownBy(() -> OutputFile.check(hard, TABLE, List.of(table)))
        .hasMessageContaining("it is what is read");
  }

  /** Another name of a run's file is no name of the run's: the file stays there. */
  @Test
  void aHardLinkToARunsFileIsReplacedAlone() throws IOException {
    Path metrics = Files.writeString(run.resolve("metrics.csv"), "epoch,step\n");
    Path hard = Files.createLink(folder.resolve("hard.csv"), metrics);
    CsvFile.write(hard, List.of(List.of("a", "b")));
    assertThat(metrics).hasContent("epoch,step\n");
    assertThat(hard).content().startsWith("a,b");
  }
}
