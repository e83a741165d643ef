package org.imageperformer.training;

import static org.imageperformer.training.TrainingOptions.CHECKPOINT_EVERY;
import static org.imageperformer.training.TrainingOptions.MAX_EPOCHS;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.EpochOrder;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.VariedBatch;
import org.imageperformer.datasets.augment.Augmentation;
import org.imageperformer.training.TrainingResult.Best;
import org.imageperformer.training.checkpoints.Checkpoint;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.imageperformer.training.checkpoints.CheckpointStore;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.listener.TrainingListener;
import org.imageperformer.training.listener.TrainingListener.CheckpointSaved;
import org.imageperformer.training.listener.TrainingListener.EpochEnded;
import org.imageperformer.training.listener.TrainingListener.EvaluationProgressed;
import org.imageperformer.training.listener.TrainingListener.StepEnded;
import org.imageperformer.training.listener.TrainingListener.TrainingEnded;
import org.imageperformer.training.listener.TrainingListener.TrainingStarted;
import org.imageperformer.training.schedule.LearningRateSchedule;

/**
 * The training loop: for each epoch, for each batch, feed, run, report; validate; save; decide.
 * What is random follows from the seed and the number of the epoch or step alone, so that a
 * training that was interrupted goes on exactly as it would have.
 *
 * <p>A limit or a stop request in the middle of an epoch cuts it short: it is validated and may
 * become the best, but the state saved to go on from is that of the middle of the epoch.
 */
public final class Trainer {

  private static final double NANOS = 1e9;

  private final TrainingConfig config;
  private final EpochBatches batches;
  private final LearningRateSchedule schedule;
  private final Optional<Augmentation> augmentation;
  private final Trainable model;
  private final ImageSet train;
  private final ImageSet validation;
  private final RunCheckpoints checkpoints;
  private final List<TrainingListener> listeners;
  private final StopSignal stop;
  private final Team team;
  private final LongSupplier nanoTime;

  private TrainingState state = TrainingState.START;
  private Optional<Best> best = Optional.empty();
  private Moment agreed;
  private boolean warm;
  private long startNanos;
  private long savedStep;
  private double savedSeconds;

  /**
   * @param config the training's options
   * @param model what is trained; stays open
   * @param train as many images as the model can be trained on, at least one
   * @param validation at least one image
   * @param store receives the checkpoints, of the chief
   * @param listeners told everything, in this order; stay open
   * @param stop ends the training early
   * @param team the processes that train this model
   */
  public Trainer(
      TrainingConfig config,
      Trainable model,
      ImageSet train,
      ImageSet validation,
      CheckpointStore store,
      List<TrainingListener> listeners,
      StopSignal stop,
      Team team) {
    this(config, model, train, validation, store, listeners, stop, team, System::nanoTime);
  }

  Trainer(
      TrainingConfig config,
      Trainable model,
      ImageSet train,
      ImageSet validation,
      CheckpointStore store,
      List<TrainingListener> listeners,
      StopSignal stop,
      Team team,
      LongSupplier nanoTime) {
    this.config = config;
    this.batches = config.batches(train.size());
    this.schedule = config.learningRateSchedule(train.size());
    this.augmentation =
        config.find(Augmentation.AUGMENT).orElse(false)
            ? Datasets.source(config.dataset().name()).augmentation()
            : Optional.empty();
    this.model = model;
    this.train = train;
    this.validation = validation;
    this.checkpoints = new RunCheckpoints(store);
    this.listeners = List.copyOf(listeners);
    this.stop = stop;
    this.team = team;
    this.nanoTime = nanoTime;
  }

  /**
   * Goes back to a checkpoint, before {@link #train}.
   *
   * @param checkpoint the last one
   * @return epochs finished there
   * @throws CheckpointException when it cannot be read, belongs to another training, or its weights
   *     do not fit the model
   */
  public int restore(Checkpoint checkpoint) {
    state = checkpoints.restore(checkpoint, model, config, train.size());
    best = checkpoints.findBest();
    return state.epoch();
  }

  /** The best epoch in words. */
  String bestSoFar() {
    return best.map(
            found ->
                "epoch %d, step %d, %s".formatted(found.epoch(), found.step(), found.validation()))
        .orElse("none");
  }

  /**
   * Trains until a limit is reached, patience ends or a stop is requested.
   *
   * @throws NonFiniteLossException when the loss is infinite or not a number
   * @throws CheckpointException when a checkpoint cannot be written
   */
  public TrainingResult train() {
    startNanos = nanoTime.getAsLong();
    agreed = new Moment(false, state.elapsedSeconds());
    savedStep = state.step();
    savedSeconds = state.elapsedSeconds();
    tell(
        new TrainingStarted(
            state.epoch(), state.step(), batches.count(), train.size(), config.get(MAX_EPOCHS)),
        TrainingListener::trainingStarted);

    Optional<StopReason> reason;
    do {
      reason = trainEpoch();
      if (state.position() > 0) {
        endEpoch(reason.isEmpty());
      }
    } while (reason.isEmpty());
    saveLastIf(state.step() > savedStep);

    String description = reason.get().describe(config);
    tell(new TrainingEnded(description, state.step(), elapsed()), TrainingListener::trainingEnded);
    return new TrainingResult(
        reason.get(), description, state.step(), state.epoch(), elapsed(), best);
  }

  /** Trains the running epoch to its end, or to the reason that is returned. */
  private Optional<StopReason> trainEpoch() {
    int[] order = EpochOrder.permutation(train.size(), config.get(SEED), state.epoch());
    while (state.position() < batches.count()) {
      Optional<StopReason> reason = reasonToStop();
      if (reason.isPresent()) {
        return reason;
      }
      int batch = state.position();
      trainStep(Arrays.copyOfRange(order, batches.from(batch), batches.to(batch)));
      CheckpointEvery every = config.get(CHECKPOINT_EVERY);
      saveLastIf(
          every.steps().stream().anyMatch(n -> state.step() % n == 0)
              || every.time().filter(t -> elapsed() - savedSeconds >= t.toSeconds()).isPresent());
    }
    return Optional.empty();
  }

  private void trainStep(int[] batch) {
    long step = state.step();
    double learningRate = schedule.at(step);
    int interval = config.outline().traits().redrawInterval();
    long start = nanoTime.getAsLong();
    if (interval > 0 && step > 0 && step % interval == 0) {
      model.redrawFeatures(step / interval);
    }
    Moment own = new Moment(stop.requested(), team.chief() ? elapsed() : 0);
    StepResult result =
        augmentation.isPresent()
            ? model.trainStep(
                VariedBatch.of(train, batch, augmentation.get(), config.get(SEED), state.epoch()),
                IntStream.range(0, batch.length).toArray(),
                step,
                learningRate,
                own)
            : model.trainStep(train, batch, step, learningRate, own);
    agreed = result.moment();
    double seconds = (nanoTime.getAsLong() - start) / NANOS;

    refuseNonFinite("loss", result.loss(), step + 1, learningRate);
    refuseNonFinite("norm of the gradients", result.gradientNorm(), step + 1, learningRate);
    state = state.afterStep(result, seconds, warm ? batch.length : 0);
    warm = true;
    tell(
        new StepEnded(
            state.step(),
            state.epochNumber(),
            state.position(),
            batches.count(),
            train.size() - Math.toIntExact(state.count()),
            result.loss(),
            result.accuracy(),
            state.lossSum() / state.count(),
            (double) state.correct() / state.count(),
            learningRate,
            result.gradientNorm(),
            imagesPerSecond()),
        TrainingListener::stepEnded);
  }

  /** Validates, reports and saves an epoch; a complete one is then behind. */
  private void endEpoch(boolean complete) {
    TrainingState ended = state;
    double learningRate = schedule.at(ended.step() - 1);
    OptionalDouble imagesPerSecond = imagesPerSecond();
    EvaluationResult result =
        model.evaluateTogether(
            validation,
            (done, total) ->
                tell(
                    new EvaluationProgressed("validation", done, total),
                    TrainingListener::evaluationProgressed));
    refuseNonFinite("validation loss", result.loss(), ended.step(), learningRate);
    boolean better = best.isEmpty() || result.betterThan(best.get().validation());
    if (complete) {
      state = state.afterEpoch(result.accuracy());
    }
    // The row of an epoch is written before any checkpoint that has the epoch behind it.
    tell(
        new EpochEnded(
            ended.epochNumber(),
            ended.step(),
            ended.lossSum() / ended.count(),
            (double) ended.correct() / ended.count(),
            result.loss(),
            result.accuracy(),
            learningRate,
            imagesPerSecond,
            elapsed(),
            better,
            complete),
        TrainingListener::epochEnded);
    if (better) {
      save(Slot.BEST, result);
      best = Optional.of(new Best(ended.epochNumber(), ended.step(), result));
    }
    saveLastIf(
        complete
            && config.get(CHECKPOINT_EVERY).epochs().stream()
                .anyMatch(n -> state.epoch() % n == 0));
  }

  private Optional<StopReason> reasonToStop() {
    // Several processes know what they knew before their last step: they must decide alike.
    Moment moment = team.shared() ? agreed : new Moment(stop.requested(), elapsed());
    return StopReason.reached(config, state, moment);
  }

  private void saveLastIf(boolean due) {
    if (due) {
      save(Slot.LAST, null);
      savedStep = state.step();
      savedSeconds = elapsed();
    }
  }

  private void save(Slot slot, EvaluationResult validated) {
    if (!team.chief()) {
      return;
    }
    Path directory =
        checkpoints.save(
            slot, model, CheckpointState.of(config, train.size(), state.at(elapsed()), validated));
    tell(
        new CheckpointSaved(slot.label(), directory, state.step()),
        TrainingListener::checkpointSaved);
  }

  private void refuseNonFinite(String what, double value, long step, double learningRate) {
    if (!Double.isFinite(value)) {
      String kept =
          !team.chief()
              ? "Task 0 says what is kept."
              : best.map(b -> "The best checkpoint, of epoch " + b.epoch() + ", is kept in ")
                  .map(text -> text + checkpoints.path(Slot.BEST) + ".")
                  .orElse("No epoch was finished before.");
      throw new NonFiniteLossException(
          what,
          value,
          step,
          learningRate,
          kept,
          config.get(TrainingOptions.GRADIENT_CLIP_VAL),
          config.get(TrainingOptions.PRECISION));
    }
  }

  private OptionalDouble imagesPerSecond() {
    return state.timedSeconds() > 0
        ? OptionalDouble.of(state.timedImages() / state.timedSeconds())
        : OptionalDouble.empty();
  }

  /** Seconds of the whole run. The state holds those before this process. */
  private double elapsed() {
    return state.elapsedSeconds() + (nanoTime.getAsLong() - startNanos) / NANOS;
  }

  private <E> void tell(E event, BiConsumer<TrainingListener, E> method) {
    for (TrainingListener listener : listeners) {
      method.accept(listener, event);
    }
  }
}
