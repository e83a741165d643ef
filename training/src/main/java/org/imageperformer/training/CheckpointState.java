package org.imageperformer.training;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.SEED;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.savedmodels.JsonText;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.training.checkpoints.CheckpointException;

/**
 * The file {@code state.json} of a checkpoint.
 *
 * @param format of this file
 * @param seed of the run
 * @param batchSize of the run
 * @param trainImages of the run; {@link #ANY_IMAGES} when it was trained on none yet
 * @param training where the loop stands
 * @param validation at this point; null unless the epoch was validated
 */
record CheckpointState(
    int format,
    long seed,
    int batchSize,
    int trainImages,
    TrainingState training,
    EvaluationResult validation) {

  /** Before the first step a training may go on with any images. */
  static final int ANY_IMAGES = 0;

  private static final String NAME = "state.json";
  private static final int FORMAT = 1;
  private static final long MOST_BYTES = 1 << 16;

  static CheckpointState of(
      TrainingConfig config, int trainImages, TrainingState training, EvaluationResult validation) {
    return new CheckpointState(
        FORMAT, config.get(SEED), config.get(BATCH_SIZE), trainImages, training, validation);
  }

  void write(Path checkpoint) throws IOException {
    Files.writeString(checkpoint.resolve(NAME), JsonText.of(this));
  }

  /**
   * @throws CheckpointException when it is missing or something else
   */
  static CheckpointState read(Path checkpoint) {
    Path file = checkpoint.resolve(NAME);
    CheckpointState state;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CheckpointException(
            file + ": expected at most " + MOST_BYTES + " bytes, found " + Files.size(file));
      }
      state = parse(file, Files.readString(file));
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + file + ": " + OneLine.reason(e, file), e);
    }
    if (state == null || state.training == null || state.format != FORMAT) {
      throw new CheckpointException(
          file
              + ": expected the state of a training in format "
              + FORMAT
              + ", found "
              + (state == null ? "nothing" : "format " + state.format));
    }
    return state;
  }

  private static CheckpointState parse(Path file, String json) {
    try {
      return new Gson().fromJson(json, CheckpointState.class);
    } catch (RuntimeException e) {
      // Gson wraps what a record's constructor throws in exceptions of no particular class.
      throw new CheckpointException(
          file + " is no state of a training: " + OneLine.firstLine(e), e);
    }
  }

  /**
   * Refuses to go on with another data set or order of images than before.
   *
   * @throws CheckpointException naming every difference
   */
  void check(Path checkpoint, TrainingConfig config, int images) {
    List<String> differences = new ArrayList<>();
    difference(differences, "seed", seed, config.get(SEED));
    difference(differences, "batch_size", batchSize, config.get(BATCH_SIZE));
    if (trainImages != ANY_IMAGES) {
      difference(differences, "training images", trainImages, images);
    }
    if (!differences.isEmpty()) {
      throw new CheckpointException(
          checkpoint + " belongs to another training: " + String.join("; ", differences));
    }
    long seen = Math.min(images, (long) training.position() * batchSize);
    if (training.count() != seen || training.position() > (images - 1) / batchSize + 1) {
      throw new CheckpointException(
          checkpoint.resolve(NAME)
              + ": expected "
              + seen
              + " images seen after "
              + training.position()
              + " steps of the epoch, found "
              + training.count());
    }
  }

  private static void difference(List<String> differences, String name, long saved, long now) {
    if (saved != now) {
      differences.add(name + " was " + saved + ", is " + now);
    }
  }
}
