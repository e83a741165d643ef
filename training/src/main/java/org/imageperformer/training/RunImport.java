package org.imageperformer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.imageperformer.savedmodels.AtomicFiles;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.training.checkpoints.CheckpointContent;
import org.imageperformer.training.checkpoints.CheckpointStore;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;

/**
 * Makes a run of a model that was trained elsewhere. It looks like one that stands before its first
 * step, with the model's weights: it can be evaluated and exported, and a training that goes on
 * with it starts with the first step of the schedule and an optimizer at rest.
 */
public final class RunImport {

  private final SavedModelExport export;
  private final Provenance provenance;

  /**
   * @param export writes the SavedModel
   * @param provenance goes into hparams.json
   */
  public RunImport(SavedModelExport export, Provenance provenance) {
    this.export = export;
    this.provenance = provenance;
  }

  /**
   * Writes the run, in one piece.
   *
   * @param config its options
   * @param parameters trainable ones of the model
   * @param weights writes the weights and an optimizer at rest into a checkpoint
   * @param remarks more for hparams.json
   * @param target the run directory; does not exist, its parent does
   * @throws org.imageperformer.savedmodels.RunException when it cannot be written
   * @throws org.imageperformer.training.checkpoints.CheckpointException when a checkpoint cannot be
   *     written
   * @throws TrainingException when the target exists
   */
  public void write(
      TrainingConfig config,
      long parameters,
      CheckpointContent weights,
      Map<String, ?> remarks,
      Path target) {
    if (Files.exists(target)) {
      throw new TrainingException(target + " exists already: choose another folder");
    }
    HParams hparams = config.toHParams(parameters, List.of(), provenance);
    for (Map.Entry<String, ?> remark : remarks.entrySet()) {
      hparams = hparams.with(remark.getKey(), remark.getValue());
    }
    HParams all = hparams;
    AtomicFiles.replaceDirectory(target, directory -> write(config, weights, all, directory));
  }

  private void write(
      TrainingConfig config, CheckpointContent weights, HParams hparams, Path directory)
      throws IOException {
    hparams.write(directory.resolve("hparams.json"));
    Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
    CheckpointStore store = new CheckpointStore(checkpoints);
    CheckpointState state =
        CheckpointState.of(config, CheckpointState.ANY_IMAGES, TrainingState.START, null);
    for (Slot slot : List.of(Slot.BEST, Slot.LAST)) {
      store.save(
          slot,
          folder -> {
            weights.writeTo(folder);
            state.write(folder);
          });
    }
    export.export(config, store.path(Slot.BEST), directory.resolve("saved_model"));
  }
}
