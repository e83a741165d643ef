package org.imageperformer.training;

import java.nio.file.Path;
import java.util.Optional;
import org.imageperformer.training.TrainingResult.Best;
import org.imageperformer.training.checkpoints.Checkpoint;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.imageperformer.training.checkpoints.CheckpointStore;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model and the state of its training, as one checkpoint. */
final class RunCheckpoints {

  private static final Logger LOG = LoggerFactory.getLogger(RunCheckpoints.class);

  private final CheckpointStore store;

  RunCheckpoints(CheckpointStore store) {
    this.store = store;
  }

  Path path(Slot slot) {
    return store.path(slot);
  }

  /** Saves both and returns where. */
  Path save(Slot slot, Trainable model, CheckpointState state) {
    store.save(
        slot,
        directory -> {
          model.save(directory);
          state.write(directory);
        });
    return store.path(slot);
  }

  /** Restores the model and returns where its training stood. */
  TrainingState restore(
      Checkpoint checkpoint, Trainable model, TrainingConfig config, int trainImages) {
    checkpoint.warnings().forEach(warning -> LOG.warn("{}; going on from the one before", warning));
    CheckpointState saved = CheckpointState.read(checkpoint.directory());
    saved.check(checkpoint.directory(), config, trainImages);
    model.restore(checkpoint.directory());
    return saved.training();
  }

  /** What the best checkpoint reached; empty if there is none that can be used. */
  Optional<Best> findBest() {
    try {
      return store
          .find(Slot.BEST)
          .map(checkpoint -> CheckpointState.read(checkpoint.directory()))
          .filter(saved -> saved.validation() != null)
          .map(
              saved ->
                  new Best(
                      saved.training().epochNumber(), saved.training().step(), saved.validation()));
    } catch (CheckpointException e) {
      LOG.warn("{} The next epoch begins a new best.", e.getMessage());
      return Optional.empty();
    }
  }
}
