package org.imageperformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.EXP_NAME;
import static org.imageperformer.training.TrainingOptions.LEARNING_RATE;
import static org.imageperformer.training.TrainingOptions.LIMIT_TEST;
import static org.imageperformer.training.TrainingOptions.LIMIT_TRAIN;
import static org.imageperformer.training.TrainingOptions.LIMIT_VAL;
import static org.imageperformer.training.TrainingOptions.LOG_PATH;
import static org.imageperformer.training.TrainingOptions.MAX_EPOCHS;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.THREADS;
import static org.imageperformer.training.TrainingOptions.VAL_SPLIT;
import static org.imageperformer.training.TrainingOptions.VERSION;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.imageperformer.training.checkpoints.CrashingDisk.Crash;
import org.imageperformer.training.listener.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingRunTest {

  private static final Provenance PROVENANCE =
      new Provenance("0.1.0", Optional.empty(), "2.18.0", "CPU", 2);

  @TempDir Path folder;

  private final List<FakeTrainable> models = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final StopSignal stop = new StopSignal();
  private String md5 = "aa";
  private FakeTrainable.Hook hook = (what, step) -> {};
  private SavedModelExport export =
      (config, checkpoint, target) -> {
        try {
          Files.createDirectories(target);
          Files.copy(
              checkpoint.resolve("weights"),
              target.resolve("weights"),
              StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };

  private final TrainingListener recorder =
      new TrainingListener() {
        @Override
        public void runStarted(RunStarted event) {
          told.add(
              "run "
                  + event.trainImages()
                  + "/"
                  + event.validationImages()
                  + "/"
                  + event.testImages()
                  + (event.resumed() ? " resumed" : ""));
        }

        @Override
        public void trainingStarted(TrainingStarted event) {
          told.add("training from " + event.step());
        }

        @Override
        public void epochEnded(EpochEnded event) {
          told.add("epoch " + event.epoch());
        }

        @Override
        public void evaluationProgressed(EvaluationProgressed event) {
          if (event.images().equals("test") && event.done() == event.total()) {
            told.add("tested " + event.total());
          }
        }

        @Override
        public void trainingEnded(TrainingEnded event) {
          told.add(event.reason());
        }

        @Override
        public void tested(Tested event) {
          told.add("test of epoch " + event.epoch());
        }

        @Override
        public void runEnded(RunEnded event) {
          told.add("end");
        }
      };

  private TrainingConfig config(UnaryOperator<TrainingConfig.Builder> changes) {
    return changes
        .apply(
            TrainingConfig.builder(PerformerFamily.RELATIVE_PERFORMER, Datasets.info("MNISTSample"))
                .set(LOG_PATH, folder.resolve("runs"))
                .set(SEED, 3)
                .set(BATCH_SIZE, 4)
                .set(LEARNING_RATE, 0.5)
                .set(VAL_SPLIT, 8)
                .set(MAX_EPOCHS, 2))
        .build();
  }

  private TrainingRun run() {
    return new TrainingRun(
        config -> {
          FakeTrainable model = new FakeTrainable(config.get(SEED), TestImages.PIXELS, hook);
          models.add(model);
          return model;
        },
        export,
        config ->
            new Dataset(
                config.dataset(),
                TestImages.of(31, 1),
                TestImages.of(13, 2),
                List.of(new SourceFile("train", "memory", md5))),
        PROVENANCE,
        List.of(recorder),
        stop);
  }

  private static List<String> entries(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aRunLeavesEverythingBehind() throws IOException {
    TrainingOutcome outcome = run().start(config(c -> c));

    Path directory = folder.resolve("runs/default/version_0");
    assertThat(outcome.directory()).isEqualTo(directory);
    assertThat(entries(directory).stream().map(name -> name.replaceAll("tfevents.*", "tfevents")))
        .containsExactly(
            ".lock",
            "checkpoints",
            "events.out.tfevents",
            "hparams.json",
            "metrics.csv",
            "results.json",
            "saved_model");
    assertThat(entries(directory.resolve("checkpoints")))
        .containsExactly("best", "last", "last.previous");
    assertThat(directory.resolve("saved_model/weights"))
        .hasSameBinaryContentAs(directory.resolve("checkpoints/best/weights"));
    assertThat(Results.read(directory.resolve("results.json"))).isEqualTo(outcome.results());
    assertThat(outcome.results().valAcc())
        .isEqualTo(outcome.training().best().orElseThrow().validation().accuracy());
    assertThat(outcome.results().nParameters()).isEqualTo(150);
    HParams hparams = HParams.read(directory.resolve("hparams.json"));
    assertThat(hparams.string("version")).isEqualTo("version_0");
    assertThat(hparams.integer("n_parameters")).isEqualTo(150);
    assertThat(hparams.string("data/train")).isEqualTo("aa");
    assertThat(TrainingConfig.fromHParams(hparams)).isEqualTo(outcome.config());
    assertThat(Files.readAllLines(directory.resolve("metrics.csv"))).hasSize(3);
    int best = outcome.training().best().orElseThrow().epoch();
    assertThat(told)
        .containsExactly(
            "run 23/8/13",
            "training from 0",
            "epoch 1",
            "epoch 2",
            "max_epochs 2 reached",
            "tested 13",
            "test of epoch " + best,
            "end");
    assertThat(models).hasSize(1).allMatch(FakeTrainable::closed);
  }

  @Test
  void limitsAndNamesAreUsed() {
    TrainingOutcome outcome =
        run()
            .start(
                config(
                    c ->
                        c.set(EXP_NAME, "quick")
                            .set(VERSION, "mine")
                            .set(LIMIT_TRAIN, 9)
                            .set(LIMIT_VAL, 5)
                            .set(LIMIT_TEST, 3)));
    assertThat(outcome.directory()).isEqualTo(folder.resolve("runs/quick/mine"));
    assertThat(told).contains("run 9/5/3");
    assertThat(outcome.training().steps()).isEqualTo(6);
  }

  @Test
  void aKilledRunGoesOnAndEndsAsIfNothingHadHappened() throws IOException {
    Path whole = run().start(config(c -> c.set(VERSION, "whole"))).directory();
    for (int at = 7; at < 12; at++) {
      String name = "killed" + at;
      int killedAt = at;
      hook =
          (what, step) -> {
            if (what.equals("step") && step == killedAt) {
              throw new Crash();
            }
          };
      assertThatThrownBy(() -> run().start(config(c -> c.set(VERSION, name))))
          .isInstanceOf(Crash.class);
      hook = (what, step) -> {};
      Path killed = folder.resolve("runs/default").resolve(name);
      TrainingOutcome outcome = run().resume(killed, changes -> changes);
      assertThat(outcome.training().epochs()).isEqualTo(2);
      assertThat(killed.resolve("results.json"))
          .hasSameTextualContentAs(whole.resolve("results.json"));
      assertThat(killed.resolve("checkpoints/last/weights"))
          .hasSameBinaryContentAs(whole.resolve("checkpoints/last/weights"));
      assertThat(killed.resolve("saved_model/weights"))
          .hasSameBinaryContentAs(whole.resolve("saved_model/weights"));
    }
    assertThat(models).allMatch(FakeTrainable::closed);
  }

  @Test
  void aRunWhoseExportFailedIsFinishedByAResume() throws IOException {
    SavedModelExport good = export;
    export =
        (config, checkpoint, target) -> {
          throw new IllegalStateException("no space for the SavedModel");
        };
    assertThatThrownBy(() -> run().start(config(c -> c))).hasMessage("no space for the SavedModel");
    Path directory = folder.resolve("runs/default/version_0");
    assertThat(directory.resolve("checkpoints/best")).exists();
    assertThat(directory.resolve("results.json")).exists();
    export = good;
    TrainingOutcome outcome = run().resume(directory, changes -> changes);
    assertThat(outcome.training().steps()).isEqualTo(12);
    assertThat(directory.resolve("saved_model/weights")).exists();
  }

  @Test
  void aHigherLimitTrainsOnAndIsSaved() {
    Path directory = run().start(config(c -> c)).directory();
    told.clear();
    TrainingOutcome outcome =
        run()
            .resume(
                directory,
                changes -> changes.set(MAX_EPOCHS, 3).set(THREADS, 1).set(LIMIT_TEST, 4));
    assertThat(outcome.training().epochs()).isEqualTo(3);
    assertThat(told)
        .contains("run 23/8/4 resumed", "training from 12", "epoch 3")
        .doesNotContain("epoch 2");
    assertThat(HParams.read(directory.resolve("hparams.json")).integer("max_epochs")).isEqualTo(3);
  }

  @Test
  void optionsThatMakeAnotherTrainingCannotChange() {
    Path directory = run().start(config(c -> c)).directory();
    assertThatThrownBy(
            () ->
                run()
                    .resume(
                        directory, changes -> changes.set(BATCH_SIZE, 5).set(LEARNING_RATE, 0.1)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "A run that goes on keeps its options: batch_size is 4, asked for was 5; learning_rate"
                + " is 0.5, asked for was 0.1. Train anew for that.");
  }

  @Test
  void otherDataIsRefused() {
    Path directory = run().start(config(c -> c)).directory();
    md5 = "bb";
    assertThatThrownBy(() -> run().resume(directory, changes -> changes))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            directory
                + " was trained on other data: expected files with MD5 [train aa], found [train"
                + " bb]. Point --data_path to the original files, or train anew.");
  }

  @Test
  void whatIsNoRunIsRefused() {
    assertThatThrownBy(() -> run().resume(folder.resolve("nowhere"), changes -> changes))
        .isInstanceOf(RunException.class)
        .hasMessage(folder.resolve("nowhere") + " is no run directory: not found");
  }

  @Test
  void aRunWithoutACheckpointBeginsAgain() throws IOException {
    Path whole = run().start(config(c -> c.set(VERSION, "whole"))).directory();
    Path bare = Files.createDirectory(folder.resolve("runs/default/bare"));
    Files.copy(whole.resolve("hparams.json"), bare.resolve("hparams.json"));
    run().resume(bare, changes -> changes);
    for (String file : List.of("results.json", "checkpoints/last/weights")) {
      assertThat(bare.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  @Test
  void anEndedRunWhoseCheckpointsAreGoneIsNotTrainedOver() throws IOException {
    Path whole = run().start(config(c -> c.set(VERSION, "whole"))).directory();
    Path copy = Files.createDirectory(folder.resolve("runs/default/copy"));
    for (String file : List.of("hparams.json", "metrics.csv", "results.json")) {
      Files.copy(whole.resolve(file), copy.resolve(file));
    }
    told.clear();
    assertThatThrownBy(() -> run().resume(copy, changes -> changes.set(MAX_EPOCHS, 3)))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(copy + " cannot go on: its training has ended")
        .hasMessageContaining("Resume the run it was copied from, or train anew");
    assertThat(told).isEmpty();
    for (String file : List.of("hparams.json", "metrics.csv", "results.json")) {
      assertThat(copy.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  @Test
  void aDamagedCheckpointIsNamedAndNothingIsLost() throws IOException {
    Path directory = run().start(config(c -> c.set(MAX_EPOCHS, 1))).directory();
    Files.writeString(directory.resolve("checkpoints/last/weights"), "x");
    List<String> metrics = Files.readAllLines(directory.resolve("metrics.csv"));
    assertThatThrownBy(() -> run().resume(directory, changes -> changes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            directory.resolve("checkpoints/last/weights") + ": expected 1200 bytes, found 1");
    assertThat(Files.readAllLines(directory.resolve("metrics.csv"))).isEqualTo(metrics);
  }

  @Test
  void aFailureBeforeTheFirstCheckpointLeavesNothing() throws IOException {
    for (String where : List.of("step", "evaluate", "save")) {
      hook =
          (what, step) -> {
            if (what.equals(where)) {
              throw new IllegalStateException("failed at " + where);
            }
          };
      assertThatThrownBy(() -> run().start(config(c -> c)))
          .hasMessageEndingWith("failed at " + where);
      assertThat(entries(folder.resolve("runs/default"))).isEmpty();
    }
    assertThat(models).hasSize(3).allMatch(FakeTrainable::closed);
  }

  @Test
  void aStopBeforeTheFirstStepLeavesNothing() throws IOException {
    stop.request();
    assertThatThrownBy(() -> run().start(config(c -> c)))
        .isInstanceOf(TrainingException.class)
        .hasMessage("stopped before the first step was taken");
    assertThat(entries(folder.resolve("runs/default"))).isEmpty();
  }

  @Test
  void aSplitThatDoesNotFitIsRefusedBeforeAnythingIsMade() {
    assertThatThrownBy(() -> run().start(config(c -> c.set(VAL_SPLIT, 31))))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("A validation split of 31 from 31 training images");
    assertThat(models).isEmpty();
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void aVersionThatExistsIsRefusedAndKept() throws IOException {
    Path directory = run().start(config(c -> c.set(VERSION, "mine"))).directory();
    List<String> before = entries(directory);
    assertThatThrownBy(() -> run().start(config(c -> c.set(VERSION, "mine"))))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("exists already");
    assertThat(entries(directory)).isEqualTo(before);
  }

  @Test
  void runsStartedAtTheSameMomentGetVersionsOfTheirOwn() throws Exception {
    int runs = 6;
    CountDownLatch together = new CountDownLatch(runs);
    ExecutorService threads = Executors.newFixedThreadPool(runs);
    try {
      List<Future<Path>> started = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        TrainingRun run =
            new TrainingRun(
                config -> new FakeTrainable(config.get(SEED), TestImages.PIXELS, hook),
                export,
                config ->
                    new Dataset(
                        config.dataset(), TestImages.of(31, 1), TestImages.of(13, 2), List.of()),
                PROVENANCE,
                List.of(),
                stop);
        Callable<Path> task =
            () -> {
              together.countDown();
              together.await();
              return run.start(config(c -> c)).directory();
            };
        started.add(threads.submit(task));
      }
      List<Path> directories = new ArrayList<>();
      for (Future<Path> future : started) {
        directories.add(future.get());
      }
      assertThat(directories).doesNotHaveDuplicates();
    } finally {
      threads.shutdownNow();
    }
    assertThat(entries(folder.resolve("runs/default")))
        .containsExactly(
            "version_0", "version_1", "version_2", "version_3", "version_4", "version_5");
  }

  @Test
  void aRunInUseIsNotResumed() {
    Path directory = run().start(config(c -> c)).directory();
    List<Throwable> refused = new ArrayList<>();
    hook =
        (what, step) -> {
          if (refused.isEmpty()) {
            try {
              run().resume(directory, changes -> changes);
            } catch (RunException e) {
              refused.add(e);
            }
          }
        };
    run().resume(directory, changes -> changes.set(MAX_EPOCHS, 3));
    assertThat(refused)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("is being trained by this process"));
  }

  @Test
  void aDiskThatFillsUpIsNamedAndTheRunGoesOnOnceThereIsRoom() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setMaxSize(160 * 1024).setBlockSize(512).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      Path filler = disk.getPath("/filler");
      Path whole = run().start(config(c -> c.set(MAX_EPOCHS, 6).set(VERSION, "whole"))).directory();
      hook =
          (what, step) -> {
            if (what.equals("step") && step == 13) {
              fill(filler);
            }
          };
      assertThatThrownBy(
              () ->
                  run()
                      .start(
                          config(c -> c.set(LOG_PATH, disk.getPath("/runs")).set(MAX_EPOCHS, 6))))
          .hasMessageContaining("/runs/default/version_0/")
          .hasMessageContaining("out of disk space");
      hook = (what, step) -> {};
      Files.delete(filler);
      Path directory = disk.getPath("/runs/default/version_0");
      TrainingOutcome outcome = run().resume(directory, changes -> changes);
      assertThat(outcome.training().epochs()).isEqualTo(6);
      assertThat(Files.readAllBytes(directory.resolve("checkpoints/last/weights")))
          .isEqualTo(Files.readAllBytes(whole.resolve("checkpoints/last/weights")));
    }
  }

  /** Leaves no block free: halves what it asks for until nothing more fits. */
  private static void fill(Path file) {
    int size = 160 * 1024;
    while (size >= 256) {
      try {
        Files.write(file, new byte[size], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        size /= 2;
      }
    }
  }
}
