package org.imageperformer.training;

import static org.imageperformer.training.TrainingOptions.EXP_NAME;
import static org.imageperformer.training.TrainingOptions.LOG_PATH;
import static org.imageperformer.training.TrainingOptions.VERSION;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.RunLock;
import org.imageperformer.training.checkpoints.Checkpoint;
import org.imageperformer.training.checkpoints.CheckpointStore;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.listener.MetricsCsv;
import org.imageperformer.training.listener.TensorBoardListener;
import org.imageperformer.training.listener.TrainingListener;
import org.imageperformer.training.listener.TrainingListener.EvaluationProgressed;
import org.imageperformer.training.listener.TrainingListener.RunEnded;
import org.imageperformer.training.listener.TrainingListener.RunStarted;
import org.imageperformer.training.listener.TrainingListener.Tested;

/**
 * A run from the data to the SavedModel: what {@code train} does (cli.md). Each run has its own run
 * directory, locked while it is written.
 */
public final class TrainingRun {

  private final TrainableFactory factory;
  private final SavedModelExport export;
  private final DataSource data;
  private final Provenance provenance;
  private final List<TrainingListener> listeners;
  private final StopSignal stop;
  private final Team team;

  /**
   * A run of one process.
   *
   * @param factory builds the model
   * @param export writes the SavedModel
   * @param data loads the images
   * @param provenance goes into hparams.json
   * @param listeners are told besides metrics.csv and TensorBoard; stay open
   * @param stop ends the training early, as a limit does
   */
  public TrainingRun(
      TrainableFactory factory,
      SavedModelExport export,
      DataSource data,
      Provenance provenance,
      List<TrainingListener> listeners,
      StopSignal stop) {
    this(factory, export, data, provenance, listeners, stop, Team.ALONE);
  }

  /**
   * A run of one or several processes: the chief starts or resumes it, the others assist.
   *
   * @param factory builds the model
   * @param export writes the SavedModel
   * @param data loads the images
   * @param provenance goes into hparams.json, and must be the same in all processes
   * @param listeners are told besides metrics.csv and TensorBoard; stay open
   * @param stop ends the training early, as a limit does
   * @param team the processes
   */
  public TrainingRun(
      TrainableFactory factory,
      SavedModelExport export,
      DataSource data,
      Provenance provenance,
      List<TrainingListener> listeners,
      StopSignal stop,
      Team team) {
    this.team = team;
    this.factory = factory;
    this.export = export;
    this.data = data;
    this.provenance = provenance;
    this.listeners = List.copyOf(listeners);
    this.stop = stop;
  }

  /** A run that is locked and ready to train. */
  private record Prepared(
      TrainingConfig config,
      RunDirectory directory,
      HParams hparams,
      TrainingImages images,
      Trainable model,
      Optional<Checkpoint> from) {}

  /**
   * Trains anew. When it fails before the first checkpoint, nothing is left behind.
   *
   * @param wanted the options
   * @throws org.imageperformer.datasets.DatasetException when the data is missing or damaged
   * @throws org.imageperformer.savedmodels.RunException when the run directory cannot be written
   * @throws NonFiniteLossException when the loss is infinite or not a number
   * @throws TrainingException when it is stopped before its first step
   */
  public TrainingOutcome start(TrainingConfig wanted) {
    TrainingImages images = TrainingImages.of(wanted, data.load(wanted));
    TrainingConfig config = wanted.measuredOn(images.train());
    try (Trainable model = factory.create(config)) {
      RunDirectory run =
          RunDirectory.create(config.get(LOG_PATH), config.get(EXP_NAME), config.find(VERSION));
      try (RunLock lock = run.lock()) {
        Objects.requireNonNull(lock);
        TrainingConfig named =
            config.toBuilder().set(VERSION, run.path().getFileName().toString()).build();
        HParams hparams = named.toHParams(model.parameters(), images.sources(), provenance);
        return train(new Prepared(named, run, hparams, images, model, Optional.empty()));
      } catch (RuntimeException | Error e) {
        discard(run, e);
        throw e;
      }
    }
  }

  /**
   * Goes on with a run where its last checkpoint stands, or from the beginning where there is none
   * yet. A run that had ended is tested and exported again, after what further training a changed
   * limit allows.
   *
   * @param directory the run directory
   * @param changes to the options: limits, patience, data_path, device, gpus, threads,
   *     checkpoint_every
   * @throws TrainingException when an option cannot be changed, the data is not what it was, or the
   *     run had ended and its checkpoints are gone
   * @throws org.imageperformer.savedmodels.RunException when it is no run directory, or in use
   * @throws org.imageperformer.training.checkpoints.CheckpointException when no checkpoint is whole
   */
  public TrainingOutcome resume(Path directory, UnaryOperator<TrainingConfig.Builder> changes) {
    RunDirectory run = RunDirectory.open(directory);
    try (RunLock lock = run.lock()) {
      Objects.requireNonNull(lock);
      run.removeUnfinished();
      return goOn(run, changes, this::train);
    }
  }

  private <T> T goOn(
      RunDirectory run,
      UnaryOperator<TrainingConfig.Builder> changes,
      Function<Prepared, T> training) {
    HParams before = HParams.read(run.hparams());
    TrainingConfig saved = TrainingConfig.fromHParams(before);
    TrainingConfig.refuseUnknown(run.hparams(), before);
    TrainingConfig config = changes.apply(saved.toBuilder()).build();
    refuseChanges(saved, config);
    // A training that was killed before its first checkpoint begins again: from the seed.
    Optional<Checkpoint> checkpoint = new CheckpointStore(run.checkpoints()).find(Slot.LAST);
    if (checkpoint.isEmpty()) {
      refuseEnded(run);
    }
    TrainingImages images = TrainingImages.of(config, data.load(config));
    refuseOtherData(run, before, images.sources());
    try (Trainable model = factory.create(config)) {
      HParams hparams =
          withRemarks(before, config.toHParams(model.parameters(), images.sources(), provenance));
      return training.apply(new Prepared(config, run, hparams, images, model, checkpoint));
    }
  }

  /**
   * Trains anew as a process that is not the chief, and writes nothing.
   *
   * @param wanted the options
   * @return how the training ended
   * @throws org.imageperformer.datasets.DatasetException when the data is missing or damaged
   * @throws NonFiniteLossException when the loss is infinite or not a number
   * @throws TrainingException when the processes are about to do different things
   */
  public TrainingResult assist(TrainingConfig wanted) {
    TrainingImages images = TrainingImages.of(wanted, data.load(wanted));
    TrainingConfig config = wanted.measuredOn(images.train());
    try (Trainable model = factory.create(config)) {
      CheckpointStore none = new CheckpointStore(config.get(LOG_PATH));
      return assist(config, images, model, none, Optional.empty());
    }
  }

  /**
   * Goes on with a run as a process that is not the chief, and writes nothing.
   *
   * @param directory the run directory, or a copy of it
   * @param changes to the options, as the chief makes them
   * @return how the training ended
   * @throws TrainingException as {@link #resume}, and when the processes are about to do different
   *     things
   */
  public TrainingResult assist(Path directory, UnaryOperator<TrainingConfig.Builder> changes) {
    return goOn(
        RunDirectory.open(directory),
        changes,
        run ->
            assist(
                run.config,
                run.images,
                run.model,
                new CheckpointStore(run.directory.checkpoints()),
                run.from));
  }

  private TrainingResult assist(
      TrainingConfig config,
      TrainingImages images,
      Trainable model,
      CheckpointStore store,
      Optional<Checkpoint> from) {
    Trainer trainer =
        new Trainer(
            config, model, images.train(), images.validation(), store, listeners, stop, team);
    from.ifPresent(trainer::restore);
    team.agree(facts(config, images, trainer, from));
    return trainer.train();
  }

  /** What must be the same in all processes: they could not train one model otherwise. */
  private Map<String, String> facts(
      TrainingConfig config, TrainingImages images, Trainer trainer, Optional<Checkpoint> from) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", provenance.productVersion());
    facts.put("git commit", provenance.gitCommit().orElse("unknown"));
    facts.put("TensorFlow", provenance.tensorflowVersion());
    facts.put("device", provenance.device());
    facts.putAll(config.sharedOptions());
    facts.put("training images", Integer.toString(images.train().size()));
    facts.put("validation images", Integer.toString(images.validation().size()));
    images.sources().forEach(file -> facts.put("MD5 of " + file.name(), file.md5()));
    facts.put("checkpoint", from.map(Checkpoint::checksum).orElse("none"));
    facts.put("best so far", trainer.bestSoFar());
    return facts;
  }

  private TrainingOutcome train(Prepared run) {
    CheckpointStore store = new CheckpointStore(run.directory.checkpoints());
    try (MetricsCsv metrics = new MetricsCsv(run.directory.metrics());
        TensorBoardListener tensorBoard = new TensorBoardListener(run.directory.path())) {
      List<TrainingListener> all = new ArrayList<>(List.of(metrics, tensorBoard));
      all.addAll(listeners);
      Trainer trainer =
          new Trainer(
              run.config,
              run.model,
              run.images.train(),
              run.images.validation(),
              store,
              all,
              stop,
              team);
      run.from.ifPresent(trainer::restore);
      team.agree(facts(run.config, run.images, trainer, run.from));
      // A checkpoint that is refused has changed nothing.
      run.hparams.write(run.directory.hparams());
      tell(
          all,
          new RunStarted(
              run.directory.path(),
              run.hparams.values(),
              run.model.parameters(),
              run.images.train().size(),
              run.images.validation().size(),
              run.images.test().size(),
              run.from.isPresent()),
          TrainingListener::runStarted);
      TrainingResult training = trainer.train();
      Results results = test(run, store, all);
      tell(all, new RunEnded(run.directory.path()), TrainingListener::runEnded);
      return new TrainingOutcome(run.directory.path(), run.config, training, results);
    }
  }

  /** Evaluates and exports the best checkpoint. */
  private Results test(Prepared run, CheckpointStore store, List<TrainingListener> all) {
    Checkpoint best =
        store
            .find(Slot.BEST)
            .orElseThrow(() -> new TrainingException("stopped before the first step was taken"));
    TrainingState state = CheckpointState.read(best.directory()).training();
    run.model.restoreWeights(best.directory());
    EvaluationResult validation = evaluate(run.model, "validation", run.images.validation(), all);
    EvaluationResult test = evaluate(run.model, "test", run.images.test(), all);
    Results results =
        new Results(
            validation.loss(),
            validation.accuracy(),
            test.loss(),
            test.accuracy(),
            run.model.parameters());
    results.write(run.directory.results());
    tell(
        all,
        new Tested(
            state.step(),
            state.epochNumber(),
            validation.loss(),
            validation.accuracy(),
            test.loss(),
            test.accuracy()),
        TrainingListener::tested);
    export.export(run.config, best.directory(), run.directory.savedModel());
    return results;
  }

  private static EvaluationResult evaluate(
      Trainable model, String name, ImageSet images, List<TrainingListener> all) {
    return model.evaluate(
        images,
        (done, total) ->
            tell(
                all,
                new EvaluationProgressed(name, done, total),
                TrainingListener::evaluationProgressed));
  }

  private static <E> void tell(
      List<TrainingListener> all, E event, BiConsumer<TrainingListener, E> method) {
    all.forEach(listener -> method.accept(listener, event));
  }

  /** A published run must not be trained over from the beginning. */
  private static void refuseEnded(RunDirectory run) {
    if (Files.exists(run.results())) {
      throw new TrainingException(
          run
              + " cannot go on: its training has ended, and it was published without its"
              + " checkpoints (expected "
              + run.checkpoints()
              + "). Resume the run it was copied from, or train anew.");
    }
  }

  private static void refuseChanges(TrainingConfig saved, TrainingConfig config) {
    Map<String, Object> before = saved.plainOptions();
    Map<String, Object> now = config.plainOptions();
    List<String> refused = new ArrayList<>();
    for (String name : config.definingOptions()) {
      if (!Objects.equals(before.get(name), now.get(name))) {
        refused.add(name + " is " + before.get(name) + ", asked for was " + now.get(name));
      }
    }
    if (!refused.isEmpty()) {
      throw new TrainingException(
          "A run that goes on keeps its options: "
              + String.join("; ", refused)
              + ". Train anew for that.");
    }
  }

  /** What others have written into hparams.json, such as where a run was imported from, stays. */
  private static HParams withRemarks(HParams before, HParams now) {
    HParams all = now;
    for (Map.Entry<String, Object> entry : before.values().entrySet()) {
      if (!now.values().containsKey(entry.getKey())) {
        all = all.with(entry.getKey(), entry.getValue());
      }
    }
    return all;
  }

  private static void refuseOtherData(
      RunDirectory directory, HParams before, List<SourceFile> sources) {
    Set<String> saved = new TreeSet<>();
    before
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(TrainingConfig.DATA_PREFIX)) {
                saved.add(name.substring(TrainingConfig.DATA_PREFIX.length()) + " " + value);
              }
            });
    Set<String> now = new TreeSet<>();
    sources.forEach(source -> now.add(source.name() + " " + source.md5()));
    // A run that was imported does not know yet what it will be trained on.
    if (!saved.isEmpty() && !saved.equals(now)) {
      Set<String> missing = new TreeSet<>(saved);
      missing.removeAll(now);
      now.removeAll(saved);
      throw new TrainingException(
          directory
              + " was trained on other data: expected files with MD5 "
              + missing
              + ", found "
              + now
              + ". Point --data_path to the original files, or train anew.");
    }
  }

  /** Removes what a run has made, unless it has a checkpoint. */
  private static void discard(RunDirectory run, Throwable reason) {
    try {
      CheckpointStore store = new CheckpointStore(run.checkpoints());
      if (!store.isEmpty()) {
        return;
      }
      store.removeIfEmpty();
      try (DirectoryStream<Path> events =
          Files.newDirectoryStream(run.path(), "events.out.tfevents.*")) {
        for (Path event : events) {
          Files.delete(event);
        }
      }
      Files.deleteIfExists(run.metrics());
      Files.deleteIfExists(run.hparams());
      run.removeIfEmpty();
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
    }
  }
}
