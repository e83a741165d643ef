package org.imageperformer.tools.cli;

import java.nio.file.Path;
import java.util.Map;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.tools.natives.StartMessages;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.checkpoints.Checkpoint;
import org.imageperformer.training.checkpoints.CheckpointStore;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.engine.CheckpointWeights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.ConfigProto;

/**
 * A run as its training left it.
 *
 * @param directory its folder
 * @param config its options
 */
public record SavedRun(RunDirectory directory, TrainingConfig config) {
  private static final Logger LOG = LoggerFactory.getLogger(SavedRun.class);

  /**
   * Reads a run's options.
   *
   * @throws org.imageperformer.savedmodels.RunException when it is no run
   * @throws org.imageperformer.training.TrainingException when it has options that this version
   *     does not know
   * @throws CommandFailure when its options are damaged
   */
  public static SavedRun open(Path path) {
    RunDirectory directory = RunDirectory.open(path);
    try {
      HParams hparams = HParams.read(directory.hparams());
      TrainingConfig config = TrainingConfig.fromHParams(hparams);
      // Whoever asks builds the model by them, or trains it.
      TrainingConfig.refuseUnknown(directory.hparams(), hparams);
      return new SavedRun(directory, config);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(directory.hparams() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the weights of a checkpoint, by name.
   *
   * @throws org.imageperformer.training.checkpoints.CheckpointException when none is whole, or it
   *     does not fit the options
   * @throws CommandFailure when there is none
   */
  public Map<String, float[]> weights(Slot slot) {
    Checkpoint checkpoint =
        new CheckpointStore(directory.checkpoints())
            .find(slot)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        directory
                            + " has no checkpoint '"
                            + slot.label()
                            + "': its training ended before the first one, or it was published"
                            + " without its checkpoints"));
    checkpoint.warnings().forEach(LOG::warn);
    StartMessages.keepOff(false, ConfigProto.getDefaultInstance());
    return CheckpointWeights.read(config.spec(), checkpoint.directory());
  }
}
