package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.RunException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecursiveEvaluationTest {

  @TempDir Path folder;
  private final TinyRuns.Source source = new TinyRuns.Source();
  private final List<String> events = new ArrayList<>();

  private final EvalListener listener =
      new EvalListener() {
        @Override
        public void progress(Path run, String part, int done, int total) {}

        @Override
        public void finished(Path run) {
          events.add("finished " + folder.relativize(run));
        }

        @Override
        public void skipped(Path run, String reason) {
          events.add("skipped " + folder.relativize(run) + ": " + reason);
        }

        @Override
        public void failed(Path run, RuntimeException reason) {
          events.add("failed " + folder.relativize(run));
        }
      };

  private RecursiveEvaluation evaluation(DatasetSource data) {
    return new RecursiveEvaluation(
        new EvalOptions(LoadOptions.cpu(), Optional.empty(), data, listener));
  }

  @Test
  void evaluatesEveryRunAndKeepsTheResultsOfTheWholeOnes() throws IOException {
    Path output = folder.resolve("out.csv");
    Path runs = folder.resolve("runs");
    Map<String, Object> extra = TinyRuns.hparams("MNIST");
    extra.put("clipping_dist", 8);
    TinyRuns.run(runs.resolve("a/version_0"));
    TinyRuns.run(runs.resolve("a/version_1"), TinyRuns.hparams("FashionMNIST"), 1);
    TinyRuns.run(runs.resolve("a/version_2"), extra, 2);
    Path broken = TinyRuns.run(runs.resolve("a/version_1a"));
    Files.write(broken.resolve("saved_model/saved_model.pb"), new byte[] {1, 2, 3});
    Path unreadable = TinyRuns.run(runs.resolve("b"));
    Files.writeString(unreadable.resolve("hparams.json"), "{");
    HParams.of(TinyRuns.hparams("MNIST"))
        .write(Files.createDirectory(runs.resolve("c")).resolve("hparams.json"));
    Files.createDirectory(runs.resolve("empty"));

    RecursiveEvaluation.Outcome outcome = evaluation(source).evaluate(runs, Optional.of(output));

    assertThat(outcome.evaluated().stream().map(RunResult::run))
        .containsExactly(
            runs.resolve("a/version_0"), runs.resolve("a/version_1"), runs.resolve("a/version_2"));
    assertThat(outcome.skipped()).containsExactly(runs.resolve("c"));
    assertThat(outcome.failed()).containsOnlyKeys(broken, unreadable);
    assertThat(outcome.failed().get(broken)).isInstanceOf(RunException.class);
    // MNIST is loaded once for two runs, though another lies between them.
    assertThat(source.loaded).containsExactly("MNIST data 7", "FashionMNIST data 7");
    assertThat(events)
        .containsExactly(
            "failed runs/b",
            "skipped runs/c: it has no SavedModel",
            "finished runs/a/version_0",
            "failed runs/a/version_1a",
            "finished runs/a/version_2",
            "finished runs/a/version_1");

    assertThat(Files.readAllLines(output).get(0))
        .isEqualTo(
            "run_dir,model,dataset,learning_rate,image_size,no_projection,max_steps,seed,val_split,"
                + "clipping_dist,val/loss,val/acc,test/loss,test/acc,n_parameters");
    List<EvaluationRow> rows = EvaluationCsv.readTable(output);
    assertThat(rows).hasSize(3);
    assertThat(rows.get(1).runDir()).isEqualTo(runs.resolve("a/version_1").toString());
    assertThat(rows.get(1).hparams())
        .containsEntry("dataset", "FashionMNIST")
        .containsEntry("clipping_dist", "");
    assertThat(rows.get(2).hparams()).containsEntry("clipping_dist", "8");
    for (int i = 0; i < 3; i++) {
      assertThat(rows.get(i).results()).isEqualTo(outcome.evaluated().get(i).results());
    }
    assertThat(rows.get(0).results()).isNotEqualTo(rows.get(2).results());
  }

  @Test
  void givesTheResultsOfASingleEvaluation() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    assertThat(evaluation(source).evaluate(run, Optional.empty()).evaluated())
        .containsExactly(new RunEvaluation(TinyRuns.options(source)).evaluate(run));
  }

  @Test
  void followsLinksWithoutLoops() throws IOException {
    Path elsewhere = TinyRuns.run(folder.resolve("elsewhere/run"));
    Path runs = Files.createDirectories(folder.resolve("runs/deep/er"));
    Path own = TinyRuns.run(runs.resolve("own"));
    Files.createSymbolicLink(folder.resolve("runs/a-link"), elsewhere);
    Files.createSymbolicLink(folder.resolve("runs/b-link"), elsewhere);
    Files.createSymbolicLink(folder.resolve("runs/an-alias"), own);
    Files.createSymbolicLink(runs.resolve("up"), folder.resolve("runs"));
    Files.createSymbolicLink(runs.resolve("self"), Path.of("self"));
    Files.createSymbolicLink(runs.resolve("nowhere"), Path.of("gone"));
    assertThat(new RunFinder(listener).find(folder.resolve("runs")))
        .containsExactly(folder.resolve("runs/a-link"), own);
    assertThat(events).isEmpty();
    // The folder itself may be a link too.
    Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
    assertThat(new RunFinder(listener).find(link)).containsExactly(link);
  }

  /** The folder itself may be hidden. */
  @Test
  void whatIsHiddenBelowTheFolderIsNoRun() throws IOException {
    Path hidden = Files.createDirectories(folder.resolve(".hidden"));
    Path run = Files.createDirectories(hidden.resolve("run"));
    Files.writeString(run.resolve("hparams.json"), "{}");
    for (String name : List.of(".trash/run", "__MACOSX/run", "run/.old")) {
      Path below = Files.createDirectories(hidden.resolve(name));
      Files.writeString(below.resolve("hparams.json"), "{}");
    }
    Files.createSymbolicLink(hidden.resolve(".link"), TinyRuns.run(folder.resolve("elsewhere")));
    assertThat(new RunFinder(listener).find(hidden)).containsExactly(run);
  }

  @Test
  void doesNotMultiplyLinks() throws IOException {
    // 2^30 paths lead to the last folder.
    Path last = folder;
    for (int i = 0; i < 30; i++) {
      Path next = Files.createDirectory(folder.resolve("level" + i));
      Files.createSymbolicLink(last.resolve("x"), next);
      Files.createSymbolicLink(last.resolve("y"), next);
      last = next;
    }
    Files.writeString(last.resolve("hparams.json"), "{}");
    assertThat(new RunFinder(listener).find(folder)).containsExactly(last);
  }

  @Test
  void looksForAMissingDataSetOnce() throws IOException {
    TinyRuns.run(folder.resolve("a"));
    TinyRuns.run(folder.resolve("b"));
    List<String> asked = new ArrayList<>();
    DatasetSource missing =
        (name, dataPath, imageSize) -> {
          asked.add(name.name());
          throw new DatasetException("no such data");
        };
    Path output = folder.resolve("out.csv");
    RecursiveEvaluation.Outcome outcome = evaluation(missing).evaluate(folder, Optional.of(output));
    assertThat(outcome.failed().values())
        .hasSize(2)
        .allSatisfy(reason -> assertThat(reason).hasMessage("no such data"));
    assertThat(asked).hasSize(1);
    assertThat(output).doesNotExist();
  }

  @Test
  void saysWhenThereIsNothingToDo() throws IOException {
    RecursiveEvaluation evaluation = evaluation(source);
    assertThatThrownBy(() -> evaluation.evaluate(folder, Optional.empty()))
        .isInstanceOf(EvalException.class)
        .hasMessage("there are no runs below " + folder + ": expected folders with a hparams.json");
    Path file = folder.resolve("none");
    assertThatThrownBy(() -> evaluation.evaluate(file, Optional.empty()))
        .hasMessage("cannot look for runs below " + file + ": there is no such folder");
    Files.writeString(file, "");
    assertThatThrownBy(() -> evaluation.evaluate(file, Optional.empty()))
        .hasMessage("cannot look for runs below " + file + ": it is a file");
    Files.writeString(folder.resolve("hparams.json"), "{}");
    assertThatThrownBy(() -> evaluation.evaluate(folder, Optional.empty()))
        .hasMessage(
            "none of the 1 runs below " + folder + " has a SavedModel: write it by export RUN_DIR");
    assertThatThrownBy(() -> evaluation.evaluate(folder, Optional.of(folder.resolve("x/out.csv"))))
        .hasMessage(
            "cannot write "
                + folder.resolve("x/out.csv")
                + ": there is no folder "
                + folder.resolve("x"));
  }
}
