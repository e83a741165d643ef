package org.imageperformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_REDRAW_INTERVAL;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;
import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.CHECKPOINT_EVERY;
import static org.imageperformer.training.TrainingOptions.LEARNING_RATE;
import static org.imageperformer.training.TrainingOptions.MAX_EPOCHS;
import static org.imageperformer.training.TrainingOptions.MAX_STEPS;
import static org.imageperformer.training.TrainingOptions.MAX_TIME;
import static org.imageperformer.training.TrainingOptions.PATIENCE;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.WARMUP;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.EpochOrder;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.checkpoints.Checkpoint;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.imageperformer.training.checkpoints.CheckpointStore;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.checkpoints.CrashingDisk;
import org.imageperformer.training.checkpoints.CrashingDisk.Crash;
import org.imageperformer.training.listener.MetricsCsv;
import org.imageperformer.training.listener.TrainingListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 23 training images in batches of 5: epochs of 5 steps, the last of 3 images. */
final class TrainerTest {

  private static final int STEPS = 5;
  private static final ImageSet TRAIN = TestImages.of(23, 1);
  private static final ImageSet VALIDATION = TestImages.of(7, 2);

  private FileSystem disk;
  private Path folder;
  private final AtomicLong clock = new AtomicLong();
  private final StopSignal stop = new StopSignal();

  /** In memory: the tests save thousands of checkpoints, and a real disk would be waited for. */
  @BeforeEach
  void makeDisk() throws IOException {
    disk = Jimfs.newFileSystem(Configuration.unix());
    folder = Files.createDirectory(disk.getPath("/run"));
  }

  @AfterEach
  void closeDisk() throws IOException {
    disk.close();
  }

  /** What a run leaves behind. */
  private record Remains(List<Double> weights, List<String> metrics, TrainingResult result) {}

  private static TrainingConfig config(UnaryOperator<TrainingConfig.Builder> changes) {
    TrainingConfig.Builder builder =
        TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNISTSample"))
            .set(SEED, 5)
            .set(BATCH_SIZE, 5)
            .set(LEARNING_RATE, 0.3)
            .set(WARMUP, 3)
            .set(MAX_EPOCHS, 4)
            .set(FEATURE_REDRAW_INTERVAL, 3)
            .set(CHECKPOINT_EVERY, CheckpointEvery.parse("1"));
    return changes.apply(builder).build();
  }

  private FakeTrainable model(FakeTrainable.Hook hook) {
    return new FakeTrainable(
        5,
        TestImages.PIXELS,
        (what, step) -> {
          clock.addAndGet(1_000_000_000L);
          hook.before(what, step);
        });
  }

  private Trainer trainer(
      TrainingConfig config, Trainable model, CheckpointStore store, TrainingListener... more) {
    List<TrainingListener> listeners = new ArrayList<>(List.of(more));
    listeners.add(0, new MetricsCsv(folder.resolve("metrics.csv")));
    return new Trainer(
        config, model, TRAIN, VALIDATION, store, listeners, stop, Team.ALONE, clock::get);
  }

  private CheckpointStore store() {
    return new CheckpointStore(folder.resolve("checkpoints"));
  }

  private static List<Double> weights(FakeTrainable model) {
    return Arrays.stream(model.weights).boxed().toList();
  }

  /** Runs from the last checkpoint, or from the start if there is none. */
  private Remains run(TrainingConfig config) throws IOException {
    FakeTrainable model = model((what, step) -> {});
    Trainer trainer = trainer(config, model, store());
    store().find(Slot.LAST).ifPresent(trainer::restore);
    TrainingResult result = trainer.train();
    return new Remains(weights(model), metrics(), result);
  }

  /** The columns that do not tell time. */
  private List<String> metrics() throws IOException {
    return Files.readAllLines(folder.resolve("metrics.csv")).stream()
        .map(line -> String.join(",", Arrays.asList(line.split(",", -1)).subList(0, 7)))
        .toList();
  }

  private void clear() throws IOException {
    Files.deleteIfExists(folder.resolve("metrics.csv"));
    for (String name : List.of("best", "last", "last.previous", ".best.new", ".last.new")) {
      Path directory = folder.resolve("checkpoints").resolve(name);
      if (Files.exists(directory)) {
        try (var files = Files.list(directory)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(directory);
      }
    }
  }

  private static void assertSame(Remains actual, Remains expected) {
    assertThat(actual.weights).isEqualTo(expected.weights);
    assertThat(actual.metrics).isEqualTo(expected.metrics);
    assertThat(actual.result.best()).isEqualTo(expected.result.best());
    assertThat(actual.result.reason()).isEqualTo(expected.result.reason());
    assertThat(actual.result.steps()).isEqualTo(expected.result.steps());
  }

  @Test
  void everyImageIsSeenOncePerEpochInTheOrderOfTheEpoch() {
    List<int[]> batches = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    FakeTrainable fake = model((what, step) -> {});
    Trainable watched =
        new Watched(fake) {
          @Override
          public StepResult trainStep(
              ImageSet train, int[] indices, long step, double learningRate, Moment moment) {
            assertThat(step).isEqualTo(batches.size());
            batches.add(indices);
            rates.add(learningRate);
            return super.trainStep(train, indices, step, learningRate, moment);
          }
        };
    trainer(config(c -> c.set(MAX_EPOCHS, 2)), watched, store()).train();

    assertThat(batches)
        .extracting(batch -> batch.length)
        .containsExactly(5, 5, 5, 5, 3, 5, 5, 5, 5, 3);
    int[] first = batches.subList(0, STEPS).stream().flatMapToInt(IntStream::of).toArray();
    int[] second = batches.subList(STEPS, 10).stream().flatMapToInt(IntStream::of).toArray();
    assertThat(first).containsExactly(EpochOrder.permutation(23, 5, 0));
    assertThat(second).containsExactly(EpochOrder.permutation(23, 5, 1));
    assertThat(rates.subList(0, 5)).containsExactly(0.0, 0.3 / 3, 0.3 * 2 / 3, 0.3, 0.3);
  }

  @Test
  void featuresAreRedrawnBeforeEveryIntervalButNotAtTheStart() {
    List<String> calls = new ArrayList<>();
    Trainable watched =
        new Watched(model((what, step) -> calls.add(what + " " + step))) {
          @Override
          public void redrawFeatures(long redraw) {
            calls.add("redraw " + redraw);
            super.redrawFeatures(redraw);
          }
        };
    trainer(config(c -> c.set(MAX_STEPS, 7)), watched, store()).train();
    assertThat(calls.stream().filter(call -> !call.startsWith("save")))
        .containsExactly(
            "step 0",
            "step 1",
            "step 2",
            "redraw 1",
            "step 3",
            "step 4",
            "evaluate 7",
            "step 5",
            "redraw 2",
            "step 6",
            "evaluate 7");

    calls.clear();
    trainer(config(c -> c.set(MAX_STEPS, 7).set(NO_PROJECTION, true)), watched, store()).train();
    trainer(config(c -> c.set(MAX_STEPS, 7).set(FEATURE_REDRAW_INTERVAL, 0)), watched, store())
        .train();
    assertThat(calls).contains("step 6").noneMatch(call -> call.startsWith("redraw"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1steps", "2,3steps", "2s"})
  void aRunThatWasKilledAtAnyStepGoesOnExactly(String every) throws IOException {
    TrainingConfig config = config(c -> c.set(CHECKPOINT_EVERY, CheckpointEvery.parse(every)));
    Remains whole = run(config);
    assertThat(whole.metrics).hasSize(5);

    for (int killed = 0; killed < 4 * STEPS; killed++) {
      clear();
      int at = killed;
      FakeTrainable dying =
          model(
              (what, step) -> {
                if (what.equals("step") && step == at) {
                  throw new Crash();
                }
              });
      assertThatThrownBy(() -> trainer(config, dying, store()).train()).isInstanceOf(Crash.class);
      assertSame(run(config), whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "save"})
  void aRunThatWasKilledWhileItValidatedOrSavedGoesOnExactly(String where) throws IOException {
    TrainingConfig config = config(c -> c.set(CHECKPOINT_EVERY, CheckpointEvery.parse("1,2steps")));
    Remains whole = run(config);
    for (int killed = 0; ; killed++) {
      clear();
      AtomicLong left = new AtomicLong(killed);
      FakeTrainable dying =
          model(
              (what, step) -> {
                if (what.equals(where) && left.getAndDecrement() == 0) {
                  throw new Crash();
                }
              });
      try {
        trainer(config, dying, store()).train();
        assertThat(killed).isGreaterThanOrEqualTo(4);
        return;
      } catch (Crash e) {
        assertSame(run(config), whole);
      }
    }
  }

  @Test
  void aRunThatWasKilledAtAnyFileOperationGoesOnExactly() throws IOException {
    TrainingConfig config =
        config(c -> c.set(MAX_EPOCHS, 2).set(CHECKPOINT_EVERY, CheckpointEvery.parse("1,2steps")));
    Remains whole = run(config);
    for (int operation = 0; ; operation++) {
      clear();
      CheckpointStore dying = CrashingDisk.store(folder.resolve("checkpoints"), operation);
      try {
        trainer(config, model((what, step) -> {}), dying).train();
        assertThat(operation).isGreaterThan(50);
        return;
      } catch (Crash e) {
        assertSame(run(config), whole);
      }
    }
  }

  @Test
  void aRunThatIsKilledOverAndOverGetsThere() throws IOException {
    TrainingConfig config = config(c -> c.set(CHECKPOINT_EVERY, CheckpointEvery.parse("1steps")));
    Remains whole = run(config);
    clear();
    int kills = 0;
    while (true) {
      AtomicLong left = new AtomicLong(2);
      FakeTrainable dying =
          model(
              (what, step) -> {
                if (what.equals("step") && left.getAndDecrement() == 0) {
                  throw new Crash();
                }
              });
      Trainer trainer = trainer(config, dying, store());
      store().find(Slot.LAST).ifPresent(trainer::restore);
      try {
        TrainingResult result = trainer.train();
        assertSame(new Remains(weights(dying), metrics(), result), whole);
        break;
      } catch (Crash e) {
        kills++;
      }
    }
    assertThat(kills).isEqualTo(9);
  }

  @Test
  void aDamagedLastCheckpointGoesOnFromTheOneBefore() throws IOException {
    TrainingConfig config = config(c -> c.set(CHECKPOINT_EVERY, CheckpointEvery.parse("2steps")));
    Remains whole = run(config);
    Files.writeString(folder.resolve("checkpoints/last/weights"), "damaged");
    assertSame(run(config), whole);
  }

  @Test
  void aStopRequestEndsTheEpochEarlyAndTheRunGoesOnExactly() throws IOException {
    TrainingConfig config = config(c -> c);
    Remains whole = run(config);
    clear();
    FakeTrainable model =
        model(
            (what, step) -> {
              if (what.equals("step") && step == 6) {
                stop.request();
              }
            });
    List<TrainingListener.EpochEnded> epochs = new ArrayList<>();
    TrainingListener watcher =
        new TrainingListener() {
          @Override
          public void epochEnded(EpochEnded event) {
            epochs.add(event);
          }
        };

    TrainingResult result = trainer(config, model, store(), watcher).train();

    assertThat(result.reason()).isEqualTo(StopReason.REQUESTED);
    assertThat(result.description()).isEqualTo("stopped on request");
    assertThat(result.steps()).isEqualTo(7);
    assertThat(result.epochs()).isEqualTo(1);
    assertThat(epochs).extracting(e -> e.epoch()).containsExactly(1, 2);
    assertThat(epochs).extracting(e -> e.complete()).containsExactly(true, false);
    assertThat(epochs).extracting(e -> e.step()).containsExactly(5L, 7L);
    assertThat(metrics()).hasSize(3);

    TrainerTest later = new TrainerTest();
    later.folder = folder;
    Remains continued = later.run(config);
    assertThat(continued.weights).isEqualTo(whole.weights);
    assertThat(continued.metrics).isEqualTo(whole.metrics);
  }

  @Test
  void aStopRequestBeforeTheFirstStepTrainsNothing() {
    stop.request();
    TrainingResult result = trainer(config(c -> c), model((what, step) -> {}), store()).train();
    assertThat(result.steps()).isZero();
    assertThat(result.best()).isEmpty();
    assertThat(store().isEmpty()).isTrue();
  }

  @Test
  void eachLimitEndsTheTraining() throws IOException {
    TrainingResult epochs = run(config(c -> c.set(MAX_EPOCHS, 3))).result;
    assertThat(epochs.description()).isEqualTo("max_epochs 3 reached");
    assertThat(epochs.steps()).isEqualTo(15);
    assertThat(epochs.epochs()).isEqualTo(3);

    clear();
    TrainingResult steps = run(config(c -> c.set(MAX_STEPS, 12))).result;
    assertThat(steps.description()).isEqualTo("max_steps 12 reached");
    assertThat(steps.steps()).isEqualTo(12);
    assertThat(steps.epochs()).isEqualTo(2);
    assertThat(metrics()).hasSize(4);

    clear();
    TrainingResult exact = run(config(c -> c.set(MAX_STEPS, 10))).result;
    assertThat(exact.steps()).isEqualTo(10);
    assertThat(exact.epochs()).isEqualTo(2);
    assertThat(metrics()).hasSize(3);

    clear();
    // Each step, save and evaluation takes a second: the first epoch 5 steps, 1 validation, 2
    // saves.
    TrainingResult time = run(config(c -> c.set(MAX_TIME, Duration.ofSeconds(10)))).result;
    assertThat(time.description()).isEqualTo("max_time 10s reached");
    assertThat(time.steps()).isEqualTo(7);
    assertThat(time.seconds()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void timeIsCountedOverResumes() throws IOException {
    TrainingConfig config = config(c -> c.set(MAX_TIME, Duration.ofSeconds(10)));
    TrainingResult first = run(config).result;
    TrainingResult again = run(config).result;
    assertThat(again.steps()).isEqualTo(first.steps());
    assertThat(again.seconds()).isGreaterThanOrEqualTo(first.seconds());
    TrainingResult more = run(config(c -> c.set(MAX_TIME, Duration.ofSeconds(20)))).result;
    assertThat(more.steps()).isGreaterThan(first.steps()).isLessThan(20);
  }

  @Test
  void anEndedRunWithAHigherLimitGoesOnAsIfItHadNotEnded() throws IOException {
    Remains whole = run(config(c -> c));
    for (int limit = 1; limit < 20; limit++) {
      clear();
      int steps = limit;
      run(config(c -> c.set(MAX_STEPS, steps)));
      Remains continued = run(config(c -> c));
      assertThat(continued.weights).isEqualTo(whole.weights);
      assertThat(continued.metrics).isEqualTo(whole.metrics);
    }
  }

  /** A model whose validation accuracies are given. */
  private Trainable scripted(int... correct) {
    return new Watched(model((what, step) -> {})) {
      private int epoch;

      @Override
      public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
        return new EvaluationResult(images.size(), correct[epoch++], images.size());
      }
    };
  }

  @Test
  void patienceCountsEpochsWithoutABetterAccuracyAndTiesAreNotBetter() {
    TrainingResult result =
        trainer(
                config(c -> c.set(MAX_EPOCHS, 100).set(PATIENCE, 3)),
                scripted(2, 1, 5, 5, 4, 5, 7),
                store())
            .train();
    assertThat(result.reason()).isEqualTo(StopReason.PATIENCE);
    assertThat(result.description()).isEqualTo("3 epochs without a better val/acc");
    assertThat(result.epochs()).isEqualTo(6);
    assertThat(result.best().orElseThrow().epoch()).isEqualTo(3);
    assertThat(result.best().orElseThrow().step()).isEqualTo(15);
    assertThat(CheckpointState.read(store().path(Slot.BEST)).training().step()).isEqualTo(15);
    assertThat(CheckpointState.read(store().path(Slot.LAST)).training().step()).isEqualTo(30);
  }

  @Test
  void ofEpochsOfOneAccuracyTheOneOfTheLowestLossIsKeptAndPatienceDoesNotSeeIt() {
    double[] losses = {9, 8, 7, 7, 6};
    Trainable model =
        new Watched(model((what, step) -> {})) {
          private int epoch;

          @Override
          public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
            return new EvaluationResult(losses[epoch++], 5, images.size());
          }
        };
    TrainingResult result =
        trainer(config(c -> c.set(MAX_EPOCHS, 100).set(PATIENCE, 3)), model, store()).train();
    assertThat(result.reason()).isEqualTo(StopReason.PATIENCE);
    assertThat(result.epochs()).isEqualTo(4);
    assertThat(result.best().orElseThrow().epoch()).isEqualTo(3);
    assertThat(CheckpointState.read(store().path(Slot.BEST)).training().step()).isEqualTo(15);
  }

  @Test
  void patienceSurvivesAResume() throws IOException {
    TrainingConfig first = config(c -> c.set(MAX_EPOCHS, 3).set(PATIENCE, 4));
    TrainingConfig rest = config(c -> c.set(MAX_EPOCHS, 100).set(PATIENCE, 4));
    trainer(first, scripted(3, 2, 1), store()).train();
    Trainer resumed = trainer(rest, scripted(1, 2, 7), store());
    assertThat(resumed.restore(store().find(Slot.LAST).orElseThrow())).isEqualTo(3);
    TrainingResult result = resumed.train();
    assertThat(result.reason()).isEqualTo(StopReason.PATIENCE);
    assertThat(result.epochs()).isEqualTo(5);
    assertThat(result.best().orElseThrow().epoch()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aLossThatIsNotFiniteStopsAndKeepsTheCheckpoints(double loss) {
    FakeTrainable[] self = new FakeTrainable[1];
    self[0] =
        model(
            (what, step) -> {
              if (what.equals("step") && step == 7) {
                self[0].poison(loss);
              }
            });
    TrainingConfig config = config(c -> c.set(CHECKPOINT_EVERY, CheckpointEvery.parse("1steps")));
    assertThatThrownBy(() -> trainer(config, self[0], store()).train())
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(
            "The loss is "
                + loss
                + " at step 8 (learning rate 0.3). The best checkpoint, of epoch 1, is kept in "
                + store().path(Slot.BEST)
                + ". Try a smaller --learning_rate, a longer --warmup, or a smaller"
                + " --gradient_clip_val.");
    assertThat(CheckpointState.read(store().path(Slot.BEST)).training().step()).isEqualTo(5);
    assertThat(CheckpointState.read(store().path(Slot.LAST)).training().step()).isEqualTo(7);
  }

  @Test
  void aGradientOrValidationThatIsNotFiniteIsNotSavedEither() {
    Trainable gradient =
        new Watched(model((what, step) -> {})) {
          @Override
          public StepResult trainStep(
              ImageSet train, int[] indices, long step, double learningRate, Moment moment) {
            return new StepResult(1, 1, indices.length, step == 2 ? Double.NaN : 1, moment);
          }
        };
    TrainingConfig config = config(c -> c.set(CHECKPOINT_EVERY, CheckpointEvery.parse("1steps")));
    assertThatThrownBy(() -> trainer(config, gradient, store()).train())
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageStartingWith(
            "The norm of the gradients is NaN at step 3 (learning rate 0.19999999999999998). No"
                + " epoch was finished before.");
    assertThat(CheckpointState.read(store().path(Slot.LAST)).training().step()).isEqualTo(2);

    Trainable validation =
        new Watched(model((what, step) -> {})) {
          @Override
          public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
            return new EvaluationResult(Double.NaN, 7, 7);
          }
        };
    assertThatThrownBy(() -> trainer(config, validation, store()).train())
        .hasMessageStartingWith("The validation loss is NaN at step 5");
    assertThat(store().find(Slot.BEST)).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefused() {
    trainer(config(c -> c.set(MAX_EPOCHS, 1)), model((what, step) -> {}), store()).train();
    Checkpoint last = store().find(Slot.LAST).orElseThrow();
    TrainingConfig other = config(c -> c.set(SEED, 6).set(BATCH_SIZE, 4));
    Trainer trainer =
        new Trainer(
            other,
            model((what, step) -> {}),
            TRAIN.first(22),
            VALIDATION,
            store(),
            List.of(),
            stop,
            Team.ALONE);
    assertThatThrownBy(() -> trainer.restore(last))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            last.directory()
                + " belongs to another training: seed was 5, is 6; batch_size was 5, is 4;"
                + " training images was 23, is 22");
  }

  @Test
  void aStateThatContradictsItselfIsRefused() throws IOException {
    Trainer trainer = trainer(config(c -> c), model((what, step) -> {}), store());
    for (TrainingState wrong :
        List.of(
            new TrainingState(3, 0, 3, 1, 1, 14, 0, 0, 0, null, 0),
            new TrainingState(6, 0, 6, 1, 1, 23, 0, 0, 0, null, 0),
            new TrainingState(9, 0, 2_000_000_000, 1, 1, 5, 0, 0, 0, null, 0))) {
      store()
          .save(
              Slot.LAST,
              directory -> CheckpointState.of(config(c -> c), 23, wrong, null).write(directory));
      assertThatThrownBy(() -> trainer.restore(store().find(Slot.LAST).orElseThrow()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("images seen after " + wrong.position() + " steps of the epoch");
    }
    for (String text :
        List.of("", "{}", "[]", "{\"format\": 2}", "{\"format\":1,\"training\":{\"step\":-1}}")) {
      store()
          .save(Slot.LAST, directory -> Files.writeString(directory.resolve("state.json"), text));
      assertThatThrownBy(() -> trainer.restore(store().find(Slot.LAST).orElseThrow()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("/run/checkpoints/last/state.json");
    }
  }

  @Test
  void aDamagedBestIsReplacedByTheNextEpoch() throws IOException {
    run(config(c -> c.set(MAX_EPOCHS, 2)));
    Files.writeString(folder.resolve("checkpoints/best/weights"), "damaged");
    Remains continued = run(config(c -> c.set(MAX_EPOCHS, 3)));
    assertThat(continued.result.best().orElseThrow().epoch()).isEqualTo(3);
    assertThat(store().find(Slot.BEST)).isPresent();
  }

  @Test
  void speedLeavesOutTheFirstStepAndEverythingElse() {
    List<Optional<Double>> speeds = new ArrayList<>();
    TrainingListener watcher =
        new TrainingListener() {
          @Override
          public void stepEnded(StepEnded event) {
            clock.addAndGet(5_000_000_000L);
            speeds.add(event.imagesPerSecond().stream().boxed().findFirst());
          }

          @Override
          public void epochEnded(EpochEnded event) {
            speeds.add(event.imagesPerSecond().stream().boxed().findFirst());
          }
        };
    FakeTrainable slowStart =
        model(
            (what, step) -> {
              if (what.equals("step") && step == 0) {
                clock.addAndGet(60_000_000_000L);
              }
            });
    trainer(config(c -> c.set(MAX_EPOCHS, 1)), slowStart, store(), watcher).train();
    assertThat(speeds)
        .containsExactly(
            Optional.empty(),
            Optional.of(5.0),
            Optional.of(5.0),
            Optional.of(5.0),
            Optional.of(18.0 / 4),
            Optional.of(18.0 / 4));
  }

  @Test
  void aListenerThatFailsEndsTheTraining() {
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void epochEnded(EpochEnded event) {
            throw new IllegalStateException("disk gone");
          }
        };
    assertThatThrownBy(
            () -> trainer(config(c -> c), model((what, step) -> {}), store(), failing).train())
        .hasMessage("disk gone");
  }

  /** Hands everything on, to be overridden in part. */
  private static class Watched implements Trainable {
    private final Trainable model;

    Watched(Trainable model) {
      this.model = model;
    }

    @Override
    public long parameters() {
      return model.parameters();
    }

    @Override
    public StepResult trainStep(
        ImageSet train, int[] indices, long step, double learningRate, Moment moment) {
      return model.trainStep(train, indices, step, learningRate, moment);
    }

    @Override
    public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
      return model.evaluate(images, progress);
    }

    @Override
    public void redrawFeatures(long redraw) {
      model.redrawFeatures(redraw);
    }

    @Override
    public void save(Path directory) {
      model.save(directory);
    }

    @Override
    public void restore(Path directory) {
      model.restore(directory);
    }

    @Override
    public void restoreWeights(Path directory) {
      model.restoreWeights(directory);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
