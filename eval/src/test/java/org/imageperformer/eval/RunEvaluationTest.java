package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.Split;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEvaluationTest {

  @TempDir Path folder;
  private final TinyRuns.Source source = new TinyRuns.Source();

  @Test
  void seesTheImagesOfTheTraining() throws IOException {
    Path run = TinyRuns.run(folder.resolve("run"));
    RunResult result = new RunEvaluation(TinyRuns.options(source)).evaluate(run);
    Dataset data = TinyRuns.dataset(Datasets.info("MNIST"));
    try (SavedModel model = SavedModel.load(run, LoadOptions.cpu())) {
      Evaluator evaluator = new Evaluator(model);
      Evaluation validation =
          evaluator.evaluate(Split.of(data.train(), 19, 3).validation(), done -> {});
      Evaluation test = evaluator.evaluate(data.test(), done -> {});
      assertThat(result.results().valLoss()).isEqualTo(validation.loss());
      assertThat(result.results().valAcc()).isEqualTo(validation.accuracy());
      assertThat(result.results().testLoss()).isEqualTo(test.loss());
      assertThat(result.results().testAcc()).isEqualTo(test.accuracy());
      // Another split would be seen.
      assertThat(evaluator.evaluate(Split.of(data.train(), 19, 4).validation(), done -> {}).loss())
          .isNotEqualTo(validation.loss());
    }
    assertThat(result.run()).isEqualTo(run);
    assertThat(result.results().nParameters()).isEqualTo(910);
    assertThat(result.hparams().number("learning_rate")).isEqualTo(5e-5);
    assertThat(source.loaded).containsExactly("MNIST data 7");
  }

  @Test
  void keepsToTheRunsLimitsAndDataPath() throws IOException {
    Map<String, Object> hparams = TinyRuns.hparams("FashionMNIST");
    hparams.put("limit_val", 5);
    hparams.put("limit_test", 11);
    hparams.put("data_path", "/big/data");
    Path run = TinyRuns.run(folder.resolve("run"), hparams, 0);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    EvalListener listener =
        new EvalListener() {
          @Override
          public void progress(Path path, String part, int done, int total) {
            if (done == total) {
              seen.add(part + " " + total);
            }
          }

          @Override
          public void finished(Path path) {}

          @Override
          public void skipped(Path path, String reason) {}

          @Override
          public void failed(Path path, RuntimeException reason) {}
        };
    new RunEvaluation(new EvalOptions(LoadOptions.cpu(), Optional.empty(), source, listener))
        .evaluate(run);
    assertThat(seen).containsExactly("validation 5", "test 11");
    new RunEvaluation(
            new EvalOptions(LoadOptions.cpu(), Optional.of(Path.of("mine")), source, listener))
        .evaluate(run);
    assertThat(source.loaded).containsExactly("FashionMNIST /big/data 7", "FashionMNIST mine 7");
  }

  @Test
  void saysWhichDataItRead() throws IOException {
    Map<String, Object> hparams = TinyRuns.hparams("MNIST");
    hparams.put("data_path", "data");
    hparams.put("data/train", "1111");
    hparams.put("data/old", "2222");
    Path run = TinyRuns.run(folder.resolve("run"), hparams, 0);
    List<String> warnings = new ArrayList<>();
    EvalListener listener =
        new EvalListener() {
          @Override
          public void progress(Path path, String part, int done, int total) {}

          @Override
          public void finished(Path path) {}

          @Override
          public void skipped(Path path, String reason) {}

          @Override
          public void warned(Path path, String text) {
            warnings.add(text);
          }

          @Override
          public void failed(Path path, RuntimeException reason) {}
        };
    DatasetSource other =
        (dataset, path, size) -> {
          Dataset read = TinyRuns.dataset(dataset);
          return new Dataset(
              dataset,
              read.train(),
              read.test(),
              List.of(new SourceFile("train", path + "/train", "3333")));
        };
    RunResult result =
        new RunEvaluation(
                new EvalOptions(LoadOptions.cpu(1), Optional.of(Path.of("mine")), other, listener))
            .evaluate(run);
    assertThat(result.hparams().string("data_path")).isEqualTo("mine");
    assertThat(result.hparams().string("data/train")).isEqualTo("3333");
    assertThat(result.hparams().has("data/old")).isFalse();
    assertThat(warnings)
        .containsExactly(
            run
                + " was trained on other data than is read here: files with MD5 {old=2222,"
                + " train=1111}, found {train=3333}");
    ShiftSweep sweep =
        new ShiftSweep(
            new EvalOptions(LoadOptions.cpu(1), Optional.empty(), other, listener), Set.of(1), 0);
    // One run, however it is spelled.
    List<Path> names = List.of(run, run.resolve("."), folder.resolve("./run"), run);
    assertThat(sweep.sweep(names, Optional.empty()).rows()).hasSize(1);
    assertThat(warnings).hasSize(2);
  }

  @Test
  void loadsRealDataInTheRunsImageSize() throws IOException {
    Map<String, Object> hparams = TinyRuns.hparams("MNISTSample");
    Path run = TinyRuns.run(folder.resolve("run"), hparams, 0);
    EvalOptions options = TinyRuns.options(DatasetSource.usual(DownloadListener.silent()));
    assertThatThrownBy(() -> new RunEvaluation(options).evaluate(run))
        .isInstanceOf(EvalException.class)
        .hasMessage(run + ": the model takes images of 7x13x1, found images of 7x7x1");
  }

  @Test
  void saysWhatIsWrongWithARun() throws IOException {
    RunEvaluation evaluation = new RunEvaluation(TinyRuns.options(source));
    assertThatThrownBy(() -> evaluation.evaluate(folder))
        .isInstanceOf(RunException.class)
        .hasMessage(folder + " is no run directory: it has no hparams.json");

    Path unknown = TinyRuns.run(folder.resolve("unknown"), TinyRuns.hparams("MNISST"), 0);
    assertThatThrownBy(() -> evaluation.evaluate(unknown))
        .isInstanceOf(EvalException.class)
        .hasMessage(
            unknown
                + "/hparams.json: Unknown data set 'MNISST': did you mean MNIST? Known are MNIST,"
                + " FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample,"
                + " PCam, RotMNIST, RotMNISTMade, RotMNISTSample, folder.");

    Map<String, Object> large = TinyRuns.hparams("MNIST");
    large.put("val_split", 53);
    Path split = TinyRuns.run(folder.resolve("split"), large, 0);
    assertThatThrownBy(() -> evaluation.evaluate(split))
        .isInstanceOf(EvalException.class)
        .hasMessageStartingWith(split + ": A validation split of 53 from 53 training images");

    Map<String, Object> seedless = TinyRuns.hparams("MNIST");
    seedless.remove("seed");
    Path noSeed = TinyRuns.run(folder.resolve("seedless"), seedless, 0);
    assertThatThrownBy(() -> evaluation.evaluate(noSeed))
        .hasMessage(noSeed + "/hparams.json: \"seed\" is missing");

    Path run = TinyRuns.run(folder.resolve("run"));
    Files.delete(run.resolve("saved_model/saved_model.pb"));
    assertThatThrownBy(() -> evaluation.evaluate(run))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "there is no SavedModel in "
                + run
                + ": expected saved_model.pb or saved_model/saved_model.pb");
  }
}
